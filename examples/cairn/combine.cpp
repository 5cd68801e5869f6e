// cairn average and cairn merge: several checkpoints made one.
#include "command.hpp"
#include "editing.hpp"
#include "progress.hpp"

#include <cairn/bundle/entry_reader.hpp>
#include <cairn/bundle/merge.hpp>
#include <cairn/bundle/object_graph.hpp>
#include <cairn/edit/checkpoint_change.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

namespace {

// What a merge of files adds to the first of them.
[[nodiscard]] std::vector<cairn::CheckpointChange> changes_between(const std::string& first,
                                                                   const std::string& merged) {
  using Kind = cairn::CheckpointChange::Kind;
  const cairn::bundle::Reader before(first), after(merged);
  std::vector<cairn::CheckpointChange> changes;
  cairn::bundle::EntryReader known(before);
  bool is_there = known.next();
  for (cairn::bundle::EntryReader each(after); each.next();) {
    if (each.key() == cairn::bundle::object_graph_key) continue;
    while (is_there && known.key() < each.key()) is_there = known.next();
    const bool is_new = !is_there || known.key() != each.key();
    if (is_new || known.entry().slices != each.entry().slices)
      changes.push_back(
          {is_new ? Kind::add : Kind::change, std::string(each.key()), {}, each.entry().dtype, each.entry().shape});
  }
  return changes;
}

// Puts the data files of name-based checkpoints together. False where that is not their union, as two have one name, or
// anything is wrong; nothing is written then.
[[nodiscard]] bool merge_files(const std::vector<std::string>& prefixes, const std::string& out, Progress& progress) {
  using cairn::ErrorCode;
  for (const std::string& prefix : prefixes)
    if (cairn::bundle::has_object_graph(cairn::bundle::Reader(prefix))) return false;
  try {
    cairn::bundle::merge(prefixes, out, {.keep_parts = true, .progress = progress.bar(), .stop = progress.stop()});
    return true;
  } catch (const cairn::Error& error) {
    for (const ErrorCode code : {ErrorCode::already_exists, ErrorCode::invalid_argument, ErrorCode::not_found,
                                 ErrorCode::data_loss, ErrorCode::unimplemented})
      if (error.code() == code && std::string_view(error.what()).find("is complete") == std::string_view::npos)
        return false;
    throw;
  }
}

}  // namespace

int merge(Arguments& arguments) {
  std::vector<std::string> paths;
  std::string out;
  arguments.describe(
      "Writes a checkpoint that has all that several have, their object graphs united by names. What two of them have "
      "must be the same; of the counters of saves the first one's stays.");
  arguments.describe(
      "The parts of one save are put together, too: where several machines write a checkpoint, each leaves its part, "
      "and a save that was killed before they were merged leaves nothing else, as in "
      "model.ckpt_temp/part-00000-of-00002. All parts have to be given, in their order; they stay as they are.");
  arguments.example("cairn merge encoder/ckpt-3 decoder/ckpt-7 --out both/ckpt");
  arguments.example("cairn merge model.ckpt_temp/part-*.index --out model.ckpt");
  arguments.positionals("PATH", paths, "the checkpoints, or the parts of one");
  arguments.required_option("--out", "NEW", out, out_help);
  arguments.parse();

  std::uint64_t bytes = 0;
  std::vector<std::string> prefixes;
  bool are_parts = false;
  for (const std::string& path : paths) {
    std::string prefix = find_checkpoint(path);
    if (std::find(prefixes.begin(), prefixes.end(), prefix) != prefixes.end()) continue;  // of its index and data file
    bytes += data_bytes(prefix);
    are_parts = are_parts || cairn::bundle::is_part(prefix);
    prefixes.push_back(std::move(prefix));
  }
  if (prefixes.size() < 2 && !are_parts)
    throw WrongUsage{"the union of one checkpoint is that checkpoint; give two or more"};
  const auto tell = [&] {
    tell_edits(arguments, changes_between(prefixes.front(), out), out);
    return done;
  };
  if (are_parts) {
    Progress progress(arguments.quiet(), "merging");
    cairn::bundle::merge(prefixes, out, {.keep_parts = true, .progress = progress.bar(), .stop = progress.stop()});
    return tell();
  }
  {
    Progress progress(arguments.quiet(), "merging");
    if (merge_files(prefixes, out, progress)) return tell();
  }
  Progress progress(arguments.quiet(), "merging", 2 * bytes);
  cairn::CheckpointEditor editor(prefixes.front(), progress);
  for (std::size_t i = 1; i < prefixes.size(); ++i) editor.merge(prefixes[i]);
  finish_edits(arguments, editor, out);
  return done;
}

}  // namespace tool
