// prune: deletes what a CheckpointManager would not keep, where none is at work.
//
//   cairn::prune("training", {.max_to_keep = 3});
//   for (const std::string& path : cairn::prune("training", {.max_to_keep = 3, .dry_run = true}).deleted) ...
#pragma once

#include "../core/error.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "live_directory.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn {

struct PruneOptions {
  std::int64_t max_to_keep = 1;
  std::optional<double> keep_checkpoint_every_n_hours = std::nullopt;
  bool dry_run = false;  // only tell
};

struct Pruned {
  std::vector<std::string> deleted;     // oldest first
  std::vector<std::string> kept;        // of those that a manager manages, oldest first
  std::vector<std::string> left_alone;  // the file `checkpoint` names them, but no manager would ever delete them
};

// Deletes of a directory's checkpoints those that a CheckpointManager of these options would delete after a save: what
// its file `checkpoint` names, with timestamps, as managers write them; never the latest, and no other file. The order
// is a manager's, so that a process that is killed on the way leaves a sound directory, and the next one finishes it.
// Throws Error: not_found for a directory without such a file; failed_precondition when a manager is at work there
// (unless dry_run, which takes no lock); invalid_argument for a max_to_keep below 1; else as a manager.
inline Pruned prune(const std::filesystem::path& directory, const PruneOptions& options,
                    io::FileSystem& files = io::posix()) {
  const std::string path = directory.string();
  const auto state = detail::read_state(files, path);
  if (!state)
    throw Error(ErrorCode::not_found,
                "the directory \"" + path +
                    "\" has no file `checkpoint`, in which managers list what they saved; there is "
                    "nothing to prune")
        .in_file(path);
  CheckpointManagerOptions manager{.max_to_keep = options.max_to_keep};
  manager.keep_checkpoint_every_n_hours = options.keep_checkpoint_every_n_hours;
  const auto managed = detail::ManagedDirectory::make(files, path, manager);
  Pruned pruned;
  if (options.dry_run) {
    pruned.deleted = managed->too_many();
    for (std::string& each : managed->checkpoints())
      if (std::find(pruned.deleted.begin(), pruned.deleted.end(), each) == pruned.deleted.end())
        pruned.kept.push_back(std::move(each));
  } else {
    const auto saving = managed->prepare(std::nullopt, true);
    pruned.deleted = managed->prune(true);
    pruned.kept = managed->checkpoints();
  }
  for (const std::string& each : state->all_model_checkpoint_paths)
    if (std::find(pruned.deleted.begin(), pruned.deleted.end(), each) == pruned.deleted.end() &&
        std::find(pruned.kept.begin(), pruned.kept.end(), each) == pruned.kept.end())
      pruned.left_alone.push_back(each);
  return pruned;
}

}  // namespace cairn
