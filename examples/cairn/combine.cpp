// cairn average and cairn merge: several checkpoints made one.
#include "command.hpp"
#include "editing.hpp"
#include "progress.hpp"

namespace tool {

int average(Arguments& arguments) {
  std::vector<std::string> paths;
  std::string out;
  arguments.describe(
      "Writes a checkpoint whose floating tensors are the mean of those of all that are given. Everything else - "
      "counters, texts, the object graph - is the last one's. All of them have to be of the same model: a tensor that "
      "one "
      "does not have, or in another dtype or shape, is refused.");
  arguments.example("cairn average training/ckpt-8 training/ckpt-9 training/ckpt-10 --out averaged/ckpt");
  arguments.positionals("PATH", paths, "the checkpoints, at least two");
  arguments.required_option("--out", "NEW", out, out_help);
  arguments.parse();

  if (paths.size() < 2) throw WrongUsage{"the mean of one checkpoint is that checkpoint; give two or more"};
  std::uint64_t bytes = 0;
  for (std::string& path : paths) {
    path = find_checkpoint(path);
    bytes += data_bytes(path);
  }
  bytes += data_bytes(paths.back());
  Progress progress(arguments.quiet(), "averaging", bytes);
  cairn::CheckpointEditor editor(paths.back(), progress);
  paths.pop_back();
  editor.average({paths.begin(), paths.end()});
  finish_edits(arguments, editor, out);
  return done;
}

int merge(Arguments& arguments) {
  std::string a, b, out;
  arguments.describe(
      "Writes a checkpoint that has all that two have, their object graphs united by names. What both have must be the "
      "same; of the counters of saves the first one's stays.");
  arguments.example("cairn merge encoder/ckpt-3 decoder/ckpt-7 --out both/ckpt");
  arguments.positional("A", a, "one checkpoint");
  arguments.positional("B", b, "the other one");
  arguments.required_option("--out", "NEW", out, out_help);
  arguments.parse();

  a = find_checkpoint(a);
  b = find_checkpoint(b);
  Progress progress(arguments.quiet(), "merging", 2 * (data_bytes(a) + data_bytes(b)));
  cairn::CheckpointEditor editor(a, progress);
  editor.merge(b);
  finish_edits(arguments, editor, out);
  return done;
}

}  // namespace tool
