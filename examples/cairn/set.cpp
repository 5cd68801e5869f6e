// cairn set: one tensor's values, and all else as it was.
#include "command.hpp"
#include "editing.hpp"
#include "names.hpp"
#include "progress.hpp"

namespace tool {

int set(Arguments& arguments) {
  std::string path, name, word, out, dtype;
  bool reshape = false, add = false;
  arguments.describe(
      "Gives one tensor other values and writes the checkpoint anew. Its dtype and shape stay: a value that it cannot "
      "hold is refused. With --reshape it takes the value's shape, with --dtype another dtype; with --add it is a new "
      "one. Everything else goes over byte for byte.");
  arguments.describe(value_help);
  arguments.describe(
      "A tensor that --add gives the checkpoint has the array's dtype; true or false is bool, a text in quotation "
      "marks "
      "string, whole numbers are int64, other numbers float32. Where the checkpoint has an object graph, the objects "
      "on its path are made when they are missing, so that tf.train.Checkpoint restores it by these names.");
  arguments.example("cairn set training optimizer.learning_rate 0.0005 --out edited/ckpt");
  arguments.example("cairn set training/ckpt-3 model/bias '[0.5, -0.5]' --out edited/ckpt");
  arguments.example("cairn set training model.embedding @larger.npy --reshape --out edited/ckpt");
  arguments.example("cairn set imported/ckpt global_step 0 --add --out edited/ckpt");
  arguments.positional("PATH", path, "the checkpoint, which stays as it is unless --out names it");
  arguments.positional("KEY", name, "the tensor, by its key or its path");
  arguments.positional("VALUE", word, "its new values");
  arguments.required_option("--out", "NEW", out, out_help);
  arguments.flag("--reshape", reshape, "the tensor takes the value's shape");
  arguments.flag("--add", add, "the tensor is not there yet");
  arguments.option("--dtype", "DTYPE", dtype, "the dtype that it gets, which has to hold the value");
  arguments.parse();

  if (reshape && add) throw WrongUsage{"--add is for a tensor that is not there, --reshape for one that is; give one"};
  const std::string prefix = find_checkpoint(path);
  Progress progress(arguments.quiet(), "writing", 2 * data_bytes(prefix));
  cairn::CheckpointEditor editor(prefix, progress);
  give(editor,
       add       ? Give::add
       : reshape ? Give::reshape
                 : Give::set,
       name, word, dtype.empty() ? std::nullopt : std::optional(dtype_named(dtype)));
  finish_edits(arguments, editor, out);
  return done;
}

}  // namespace tool
