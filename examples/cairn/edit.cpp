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

void apply(cairn::CheckpointEditor& editor, const std::string& option, const std::string& value, cairn::Cast cast) {
  if (option == "--erase") {
    editor.erase(value);
  } else if (option == "--rename") {
    const auto [from, to] = sides(value, option, "OLD=NEW");
    editor.rename(from, to);
  } else if (option == "--cast") {
    const auto [pattern, dtype] = sides(value, option, "GLOB=DTYPE");
    editor.cast(pattern, dtype_named(dtype), cast);
  } else if (option == "--set" || option == "--reshape" || option == "--add") {
    const auto [name, word] = sides(value, option, "KEY=VALUE");
    give(editor, option == "--set" ? Give::set : option == "--add" ? Give::add : Give::reshape, name, word);
  } else {
    const auto [source, to] = sides(value, option, "OTHER:KEY=KEY");
    const auto [other, name] = checkpoint_and_name(source);
    editor.copy(other, name, to);
  }
}

}  // namespace

int edit(Arguments& arguments) {
  std::string path, out;
  std::vector<std::string> renames, erased, casts, copies, values, reshaped, added;
  bool dry_run = false, saturate = false;
  arguments.describe(
      "Renames, erases, casts, copies, sets and adds tensors in one pass, in the order of the options, and writes the "
      "checkpoint "
      "anew. What is not edited goes over byte for byte, and the object graph follows, so that TensorFlow restores the "
      "result. When one of the edits cannot be done, nothing is written.");
  arguments.describe(
      "Names are keys, or paths in the object graph with all that is below them: model.encoder, or model/encoder; a "
      "slot variable is optimizer.m.model.kernel. What the rest of the object graph holds, too, stays: --erase "
      "'optimizer.*' leaves a Keras model whole, whose weights the optimizer lists. In a checkpoint of TensorFlow 1 "
      "net/w is the tensor of that name alone, net/w/ all that is below it, and so is net where no tensor is called "
      "net. Where a name has an = in it, write \\=.");
  arguments.describe(
      "In a GLOB * stands for any text, also none, ? for one character, [ab] for one of these. It is compared with the "
      "keys, as `cairn ls` shows them, and with all paths. A * in NEW is that of OLD, likewise ? and [ab]. The output "
      "says how many tensors each option took; one that fits nothing is an error, and so is an --erase of what "
      "something else holds, too.");
  arguments.describe(value_help);
  arguments.example("cairn edit training --erase optimizer --cast '*=bfloat16' --out shipped/ckpt");
  arguments.example("cairn edit training/ckpt-3 --rename 'model.layer_*=model.block_*' --dry-run");
  arguments.example("cairn edit tf1 --copy 'tf1:*/ExponentialMovingAverage=*' --out averaged/ckpt");
  arguments.positional("PATH", path, "the checkpoint, which stays as it is unless --out names it");
  arguments.option("--out", "NEW", out, out_help);
  arguments.option("--rename", "OLD=NEW", renames, "give a tensor, an object or what a GLOB fits another name");
  arguments.option("--erase", "GLOB", erased, "take tensors or objects out");
  arguments.option(
      "--cast", "GLOB=DTYPE", casts,
      "convert numbers: with a GLOB, an object's or a scope's name floating ones to floating ones and integers to "
      "integers; one that the dtype cannot hold is refused");
  arguments.flag("--saturate", saturate, "let numbers that --cast's dtype cannot hold become the nearest it has");
  arguments.option("--set", "KEY=VALUE", values, "give a tensor other values; dtype and shape stay");
  arguments.option("--reshape", "KEY=VALUE", reshaped, "give a tensor other values in another shape; the dtype stays");
  arguments.option("--add", "KEY=VALUE", added,
                   "add a tensor, of the dtype that cairn set --help tells, and the objects on its path");
  arguments.option(
      "--copy", "OTHER:KEY=KEY", copies,
      "take a tensor, an object, a scope or what a GLOB fits over from another checkpoint, under a name here; what has "
      "that name is replaced");
  arguments.flag("--dry-run", dry_run, "only print what would be done");
  arguments.parse();

  if (arguments.in_order().empty())
    throw WrongUsage{"there is nothing to do: give --rename, --erase, --cast, --copy, --set, --reshape or --add"};
  if (out.empty() && !dry_run) throw WrongUsage{"--out NEW is missing: give it, or --dry-run"};
  const std::string prefix = find_checkpoint(path);
  Progress progress(arguments.quiet(), "writing", 2 * data_bytes(prefix));
  cairn::CheckpointEditor editor(prefix, progress);
  std::vector<OptionEdit> options;
  for (const auto& [option, value] : arguments.in_order()) {
    apply(editor, option, value, saturate ? cairn::Cast::saturate : cairn::Cast::any);
    options.push_back({option, value, editor.last_edit()});
  }
  finish_edits(arguments, editor, out, dry_run, options);
  return done;
}

}  // namespace tool
