// cairn edit: several edits in one pass.
#include "command.hpp"
#include "editing.hpp"
#include "names.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/bundle/files.hpp>

namespace tool {

namespace {

// "training/ckpt-1:model.kernel": the path ends at the first colon behind which a checkpoint is.
[[nodiscard]] std::pair<std::string, std::string> checkpoint_and_name(const std::string& text) {
  for (std::size_t colon = text.find(':'); colon != text.npos; colon = text.find(':', colon + 1)) {
    const bool is_last = text.find(':', colon + 1) == text.npos;
    try {
      return {find_checkpoint(text.substr(0, colon)), text.substr(colon + 1)};
    } catch (const cairn::Error& error) {
      if (is_last || error.code() != cairn::ErrorCode::not_found) throw;
    }
  }
  throw WrongUsage{"--copy wants OTHER:KEY=KEY, with the path of a checkpoint before the colon, not " + shown(text)};
}

void apply(cairn::CheckpointEditor& editor, const std::string& option, const std::string& value) {
  if (option == "--erase") {
    editor.erase(value);
  } else if (option == "--rename") {
    const auto [from, to] = sides(value, option, "OLD=NEW");
    editor.rename(from, to);
  } else if (option == "--cast") {
    const auto [pattern, dtype] = sides(value, option, "GLOB=DTYPE");
    editor.cast(pattern, dtype_named(dtype));
  } else {
    const auto [source, to] = sides(value, option, "OTHER:KEY=KEY");
    const auto [other, name] = checkpoint_and_name(source);
    editor.copy(other, name, to);
  }
}

}  // namespace

int edit(Arguments& arguments) {
  std::string path, out;
  std::vector<std::string> renames, erased, casts, copies;
  bool dry_run = false;
  arguments.describe(
      "Renames, erases, casts and copies tensors in one pass, in the order of the options, and writes the checkpoint "
      "anew. What is not edited goes over byte for byte, and the object graph follows, so that TensorFlow restores the "
      "result. When one of the edits cannot be done, nothing is written.");
  arguments.describe(
      "Names are keys, or paths in the object graph with all that is below them: model.encoder, or model/encoder. In a "
      "GLOB * stands for any text. What the rest of the object graph holds, too, stays: --erase 'optimizer.*' leaves a "
      "Keras model whole, whose weights the optimizer lists. Where a name has an = in it, write \\=.");
  arguments.example("cairn edit training --erase optimizer --cast '*=bfloat16' --out shipped/ckpt");
  arguments.example("cairn edit training/ckpt-3 --rename 'model.layer_*=model.block_*' --dry-run");
  arguments.positional("PATH", path, "the checkpoint, which stays as it is unless --out names it");
  arguments.option("--out", "NEW", out, out_help);
  arguments.option("--rename", "OLD=NEW", renames,
                   "give a tensor or an object another name; a * in NEW is that of OLD");
  arguments.option("--erase", "GLOB", erased, "take tensors or objects out");
  arguments.option("--cast", "GLOB=DTYPE", casts,
                   "convert numbers: with a GLOB or an object's name floating ones to floating ones and integers to "
                   "integers; one that the dtype cannot hold is refused");
  arguments.option("--copy", "OTHER:KEY=KEY", copies, "take a tensor over from another checkpoint, under a name here");
  arguments.flag("--dry-run", dry_run, "only print what would be done");
  arguments.parse();

  if (arguments.in_order().empty())
    throw WrongUsage{"there is nothing to do: give --rename, --erase, --cast or --copy"};
  if (out.empty() && !dry_run) throw WrongUsage{"--out NEW is missing: give it, or --dry-run"};
  const std::string prefix = find_checkpoint(path);
  Progress progress(arguments.quiet(), "writing", 2 * data_bytes(prefix));
  cairn::CheckpointEditor editor(prefix, progress);
  for (const auto& [option, value] : arguments.in_order()) apply(editor, option, value);
  finish_edits(arguments, editor, out, dry_run);
  return done;
}

}  // namespace tool
