// repair: writes the file `checkpoint` of a directory again, from the undamaged checkpoints that are there.
//
//   cairn::repair("training");             // after it was lost, damaged, or copied with half of its checkpoints
//   cairn::repair("training", {.dry_run = true}).named
#pragma once

#include "../bundle/find_checkpoint.hpp"
#include "../bundle/verify.hpp"
#include "../core/detail/fail.hpp"
#include "../core/detail/own.hpp"
#include "../core/detail/shared.hpp"
#include "../core/detail/sort.hpp"
#include "../core/detail/vec.hpp"
#include "../core/durability.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "../io/path.hpp"
#include "detail/archive_form.hpp"
#include "detail/directory/directory_lock.hpp"
#include "detail/directory/numbering.hpp"
#include "detail/directory/state_file.hpp"
#include "detail/directory/state_notes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// How repair() works.
struct RepairOptions {
  // With dry_run, nothing is written: the result only tells what would be.
  bool dry_run = false;
};

// The result of repair(), as paths of checkpoints.
struct Repaired {
  // A checkpoint that is damaged.
  struct Damaged {
    // The path of the checkpoint, and what is wrong with it.
    std::string path;
    std::string problem;  // the first problem, as a sentence
  };

  std::vector<std::string> named;  // those in the new file `checkpoint`, the oldest first
  std::string latest;              // the latest of `named`
  std::vector<Damaged> damaged;    // they stay where they are, and are not named
  // Whole checkpoints that are not named, because they are older than those that the old file `checkpoint` named.
  std::vector<std::string> left_alone;
  // Checkpoints that the old file `checkpoint` named, but that are not there.
  std::vector<std::string> missing;
};

namespace checkpoint::detail {

// The files of a checkpoint in a directory, in any format.
struct FoundCheckpoint {
  std::string path{};
  std::string file{};        // the file that makes the checkpoint exist
  std::string base{};        // the path without the number
  std::int64_t number = -1;  // the number behind the last '-' of the name; -1 for none
  double written = 0;

  // Compares the numbers where both have one name, else the times at which they were written.
  [[nodiscard]] bool is_older_than(const FoundCheckpoint& other) const {
    if (base == other.base && number != other.number) return number < other.number;
    return written != other.written ? written < other.written : path < other.path;
  }
};

// Sorts the oldest first: those of one name by their numbers, and several names by the times at which they were
// written.
inline void sort_by_age(core::detail::Vec<FoundCheckpoint>& found) {
  core::detail::sort(found, [](const FoundCheckpoint& a, const FoundCheckpoint& b) {
    return a.written != b.written ? a.written < b.written : a.path < b.path;
  });
  // Those of one name change places among themselves only.
  core::detail::Vec<std::size_t> places;
  for (std::size_t i = 0; i < found.size(); ++i) places.push_back(i);
  core::detail::sort(places, [&](std::size_t a, std::size_t b) { return found[a].base < found[b].base; });
  core::detail::Vec<std::size_t> order = places;
  core::detail::sort(order, [&](std::size_t a, std::size_t b) {
    const int bases = found[a].base.compare(found[b].base);
    return bases != 0 ? bases < 0 : found[a].number < found[b].number;
  });
  core::detail::Vec<FoundCheckpoint> sorted(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) sorted[places[i]] = std::move(found[order[i]]);
  found = std::move(sorted);
}

[[nodiscard]] inline core::detail::Vec<FoundCheckpoint> find_checkpoints(io::FileSystem& files,
                                                                         const std::string& directory) {
  core::detail::Vec<FoundCheckpoint> found;
  for (const std::string& name : files.list_directory(directory.empty() ? "." : directory)) {
    const std::string file = io::join_path(directory, name);
    const std::size_t dot = name.rfind('.');
    if (dot == 0 || dot == std::string::npos || io::is_temporary(name) || files.is_directory(file)) continue;
    if (name.substr(dot) != ".index" && !bundle::detail::is_archive(files, file)) continue;
    found.push_back({.path = io::join_path(directory, name.substr(0, dot)), .file = file});
  }
  for (FoundCheckpoint& each : found) {
    each.base = each.path;
    const io::FileVersion version = files.open(each.file)->version();
    each.written = static_cast<double>(version.seconds) + static_cast<double>(version.nanoseconds) * 1e-9;
    const std::size_t dash = each.path.rfind('-');
    if (dash == std::string::npos) continue;
    std::string_view rest = std::string_view(each.path).substr(dash + 1);
    const auto number = take_number(rest);
    if (!number || !rest.empty()) continue;
    each.number = *number;
    each.base = each.path.substr(0, dash);
  }
  return found;
}

// Returns the first problem of a checkpoint; nullopt when it is whole.
[[nodiscard]] inline std::optional<std::string> first_problem_of(io::FileSystem& files,
                                                                 const FoundCheckpoint& checkpoint) {
  if (checkpoint.file.ends_with(".index")) {
    const std::vector<Finding> findings = verify(checkpoint.path, files);
    return findings.empty() ? std::nullopt : std::optional(findings.front().problem);
  }
  try {
    (void)read_archive(files, checkpoint.file);
    return std::nullopt;
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace checkpoint::detail

// Verifies every checkpoint of the directory, and names those that are whole in a new file `checkpoint`. First come
// those that the old file names, in their order and with their timestamps; then those of the others that are newer.
// Without an old file, or with a damaged one, all whole ones are named, without timestamps: no manager deletes any of
// these, because it is not known which of them it may delete. The latest is that of the old file, when it is whole and
// no newer one is added; else the newest, by its number, and among several names by the time at which it was written.
// No other file changes.
//
// Throws Error with ErrorCode::not_found when there is no such directory, or no whole checkpoint in it;
// ErrorCode::failed_precondition when a manager is at work there (unless dry_run); ErrorCode::permission_denied,
// resource_exhausted or unavailable when the file system fails. The file `checkpoint` is then what it was before.
inline Repaired repair(const PathArgument& directory, const RepairOptions& options = {},
                       io::FileSystem& files = io::native()) {
  const std::string path = directory.string();
  if (!files.is_directory(path.empty() ? "." : path))
    core::detail::fail(ErrorCode::not_found, {"there is no directory \"", path, "\""}, {.file = path});
  checkpoint::detail::DirectoryLock lock(files, path);
  const auto saving =
      options.dry_run ? core::detail::Shared<checkpoint::detail::DirectoryLock::Saving>() : lock.begin(false);
  Repaired repaired;
  std::string text;
  core::detail::Own<CheckpointState> old;
  try {
    old = bundle::detail::read_state(files, path, &text);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::data_loss) throw;
  }

  core::detail::Vec<checkpoint::detail::FoundCheckpoint> whole;
  for (checkpoint::detail::FoundCheckpoint& each : checkpoint::detail::find_checkpoints(files, path))
    if (auto problem = checkpoint::detail::first_problem_of(files, each))
      repaired.damaged.push_back({each.path, *std::move(problem)});
    else
      whole.push_back(std::move(each));
  CheckpointState state;
  std::string latest;
  if (old) {
    state.last_preserved_timestamp = old->last_preserved_timestamp;
    const bool has_timestamps = !old->all_model_checkpoint_paths.empty() &&
                                old->all_model_checkpoint_timestamps.size() == old->all_model_checkpoint_paths.size();
    std::vector<std::string> named = old->all_model_checkpoint_paths;
    if (std::find(named.begin(), named.end(), old->model_checkpoint_path) == named.end())
      named.push_back(old->model_checkpoint_path);
    checkpoint::detail::FoundCheckpoint newest;  // without a path for none
    for (std::size_t i = 0; i < named.size(); ++i) {
      checkpoint::detail::FoundCheckpoint* there = whole.begin();
      while (there != whole.end() && there->path != named[i]) ++there;
      if (there == whole.end()) {
        bool is_damaged = false;
        for (const Repaired::Damaged& each : repaired.damaged) is_damaged = is_damaged || each.path == named[i];
        if (!is_damaged && std::find(repaired.named.begin(), repaired.named.end(), named[i]) == repaired.named.end())
          repaired.missing.push_back(named[i]);
        continue;
      }
      if (newest.path.empty() || newest.is_older_than(*there)) newest = *there;
      repaired.named.push_back(named[i]);
      if (latest != old->model_checkpoint_path) latest = named[i];
      if (has_timestamps)
        state.all_model_checkpoint_timestamps.push_back(
            i < old->all_model_checkpoint_timestamps.size() ? old->all_model_checkpoint_timestamps[i] : there->written);
      whole.erase(there);
    }
    checkpoint::detail::sort_by_age(whole);
    for (const checkpoint::detail::FoundCheckpoint& each : whole)
      if (!newest.path.empty() && each.is_older_than(newest)) {
        repaired.left_alone.push_back(each.path);
      } else {
        repaired.named.push_back(each.path);
        latest = each.path;
        if (has_timestamps) state.all_model_checkpoint_timestamps.push_back(each.written);
      }
  } else {
    checkpoint::detail::sort_by_age(whole);
    for (const checkpoint::detail::FoundCheckpoint& each : whole) repaired.named.push_back(latest = each.path);
  }
  if (repaired.named.empty())
    core::detail::fail(ErrorCode::not_found,
                       {"the directory \"", path, "\" has no whole checkpoint that a file `checkpoint` could name",
                        (repaired.damaged.empty() ? std::string()
                                                  : "; \"" + repaired.damaged.back().path +
                                                        "\" is damaged: " + repaired.damaged.back().problem)},
                       {.file = path});
  state.model_checkpoint_path = repaired.latest = latest;
  if (options.dry_run) return repaired;
  state.all_model_checkpoint_paths = repaired.named;
  checkpoint::detail::StateNotes notes = checkpoint::detail::decode_notes(text);
  erase_if(notes.metrics, [&](const checkpoint::detail::StateNotes::Metric& each) {
    return std::find(repaired.named.begin(), repaired.named.end(), io::join_path(path, each.path)) ==
           repaired.named.end();
  });
  checkpoint::detail::write_state(files, path, std::move(state), Durability::full,
                                  checkpoint::detail::encode_notes(std::move(notes)));
  return repaired;
}

}  // namespace CAIRN_NAMESPACE
