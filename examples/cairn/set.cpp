// cairn set: one tensor's values, and all else as it was.
#include "command.hpp"
#include "editing.hpp"
#include "names.hpp"
#include "progress.hpp"
#include "values.hpp"

#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/edit/npy.hpp>

namespace tool {

int set(Arguments& arguments) {
  std::string path, name, literal, out;
  arguments.describe(
      "Gives one tensor other values and writes the checkpoint anew. Its dtype and shape stay: a value that it cannot "
      "hold is refused. Everything else goes over byte for byte.");
  arguments.describe(
      "VALUE is a number (0.5, -3, 1e-4, nan, -inf, 1+2j), true or false, a text, or a list in brackets, nested where "
      "the "
      "tensor has more axes: '[[1, 2], [3, 4]]', '[\"cat\", \"dog\"]'. A single value fills the whole tensor. "
      "@FILE.npy "
      "stands for the array in that file, which must have the tensor's shape; @@ begins a text with @.");
  arguments.example("cairn set training optimizer.learning_rate 0.0005 --out edited/ckpt");
  arguments.example("cairn set training/ckpt-3 model/bias '[0.5, -0.5]' --out edited/ckpt");
  arguments.example("cairn set training model.bias @bias.npy --out edited/ckpt");
  arguments.positional("PATH", path, "the checkpoint, which stays as it is unless --out names it");
  arguments.positional("KEY", name, "the tensor, by its key or its path");
  arguments.positional("VALUE", literal, "its new values");
  arguments.required_option("--out", "NEW", out, out_help);
  arguments.parse();

  const std::string prefix = find_checkpoint(path);
  Progress progress(arguments.quiet(), "writing", 2 * data_bytes(prefix));
  const cairn::CheckpointReader reader(prefix, progress);
  const std::string key = key_of(reader, name);
  const cairn::bundle::Entry& entry = reader.bundle().lookup(key);
  cairn::CheckpointEditor editor(prefix, progress);
  if (literal.starts_with('@') && !literal.starts_with("@@"))
    editor.set(key, cairn::read_npy(literal.substr(1), entry.dtype));
  else
    editor.set(key, value_of(literal.substr(literal.starts_with("@@") ? 1 : 0), entry.dtype, entry.shape, key));
  finish_edits(arguments, editor, out);
  return done;
}

}  // namespace tool
