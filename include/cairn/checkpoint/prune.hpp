// prune: deletes the checkpoints that a CheckpointManager would not keep, in a directory where none is at work.
//
//   cairn::prune("training", {.max_to_keep = 3});
//   for (const std::string& path : cairn::prune("training", {.max_to_keep = 3, .dry_run = true}).deleted) ...
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/durability.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "detail/directory/managed_directory.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// PruneOptions says which checkpoints prune() keeps.
struct PruneOptions {
  // The number of the newest checkpoints that stay; at least 1.
  std::int64_t max_to_keep = 1;
  // Beyond those, one checkpoint for every this many hours stays for good; nullopt for none.
  std::optional<double> keep_checkpoint_every_n_hours = std::nullopt;
  // With dry_run, nothing is deleted: the result only tells what would be.
  bool dry_run = false;
  // The number of the best checkpoints that stay beside the newest, by the metrics that a manager with keep_best noted.
  // nullopt means that manager's number, 0 none.
  std::optional<std::int64_t> keep_best = std::nullopt;
  // Tells which metric is the best; nullopt means the manager's mode.
  std::optional<BestMode> best_mode = std::nullopt;
  // With `saver`, the checkpoints are those of tf.train.Saver: all that the file `checkpoint` names, without
  // timestamps, with their .meta files.
  bool saver = false;
};

// The result of prune(), as paths of checkpoints.
struct Pruned {
  std::vector<std::string> deleted;  // the oldest first
  std::vector<std::string> kept;     // those that a manager manages and that stay, the oldest first
  // The file `checkpoint` names these, but no manager would ever delete them.
  std::vector<std::string> left_alone;
  std::vector<std::string> best;     // those of `kept` that stay as the best, of any age
  std::vector<std::string> missing;  // those that the file `checkpoint` names, but that are not there
};

namespace checkpoint::detail {

[[nodiscard]] inline BestRule best_rule_of(const PruneOptions& options, BestRule noted, bool has_metrics,
                                           const std::string& path) {
  if (options.keep_best && *options.keep_best < 0)
    core::detail::fail(ErrorCode::invalid_argument, {"keep_best is ", *options.keep_best, ", but must be 0 or more"},
                       {.expected = "at least 0", .found = std::to_string(*options.keep_best)});
  if (options.keep_best && *options.keep_best > 0 && !has_metrics)
    core::detail::fail(ErrorCode::failed_precondition,
                       {"the file `checkpoint` of the directory \"", path,
                        "\" notes no metric of any checkpoint, so that nobody knows which is the best; only a "
                        "CheckpointManager with keep_best writes them"},
                       {.file = path});
  if (options.keep_best) noted.count = static_cast<std::size_t>(*options.keep_best);
  if (options.best_mode) noted.mode = options.best_mode;
  return noted;
}

}  // namespace checkpoint::detail

// Deletes those checkpoints of a directory that a CheckpointManager of these options would delete after a save. They
// are among those that its file `checkpoint` names, with timestamps, as managers write them; the latest checkpoint and
// all other files stay. The order is a manager's, so that a process that is killed on the way leaves a sound directory,
// and the next one finishes the work.
//
// Throws Error with ErrorCode::not_found for a directory without such a file; ErrorCode::failed_precondition when a
// manager is at work there (unless dry_run, which takes no lock), or for a keep_best where no metric is known;
// ErrorCode::unimplemented for checkpoints of a saver in format V1; ErrorCode::invalid_argument for a max_to_keep below
// 1, a negative keep_best, and keep_checkpoint_every_n_hours with saver; ErrorCode::data_loss for a damaged file
// `checkpoint`; ErrorCode::permission_denied, resource_exhausted or unavailable when the file system fails.
inline Pruned prune(const PathArgument& directory, const PruneOptions& options, io::FileSystem& files = io::native()) {
  const std::string path = directory.string();
  std::string text;
  const auto state = bundle::detail::read_state(files, path, &text);
  if (!state)
    core::detail::fail(ErrorCode::not_found,
                       {"the directory \"", path,
                        "\" has no file `checkpoint`, in which managers list what they saved; there is "
                        "nothing to prune"},
                       {.file = path});
  CheckpointManagerOptions manager{.max_to_keep = options.max_to_keep};
  manager.keep_checkpoint_every_n_hours = options.keep_checkpoint_every_n_hours;
  if (options.saver && options.keep_checkpoint_every_n_hours)
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"what tf.train.Saver saved has no timestamps, by which one checkpoint could be kept for every so many "
         "hours; leave out keep_checkpoint_every_n_hours, or saver"},
        {.file = path});
  if (options.saver)
    for (const std::string& each : state->all_model_checkpoint_paths)
      if (!bundle::detail::has_index(each, files) && bundle::checkpoint_exists(each, files))
        core::detail::fail(ErrorCode::unimplemented,
                           {"the checkpoint \"", each,
                            "\" is of TensorFlow's old format V1, which is read but not pruned; "
                            "nothing was deleted: remove what is too old by hand"},
                           {.file = each});
  using checkpoint::detail::ManagedDirectory;
  ManagedDirectory managed(files, path, manager, ".index",
                           options.saver ? ManagedDirectory::Kind::saver : ManagedDirectory::Kind::manager);
  managed.use_best_rule(
      checkpoint::detail::best_rule_of(options, managed.best_rule(), managed.best().has_value(), path));
  const auto is_in = [](const std::vector<std::string>& list, const std::string& each) {
    return std::find(list.begin(), list.end(), each) != list.end();
  };
  Pruned pruned;
  if (options.dry_run) {
    pruned.deleted = managed.too_many();
    for (std::string& each : managed.checkpoints())
      if (!is_in(pruned.deleted, each)) pruned.kept.push_back(std::move(each));
  } else {
    const auto saving = managed.prepare(std::nullopt, Durability::full);
    pruned.deleted = managed.prune(Durability::full);
    pruned.kept = managed.checkpoints();
  }
  pruned.best = managed.kept_as_best();
  for (const std::string& each : state->all_model_checkpoint_paths)
    if (!is_in(pruned.deleted, each) && !is_in(pruned.kept, each) && !is_in(pruned.left_alone, each))
      (bundle::checkpoint_exists(each, files) ? pruned.left_alone : pruned.missing).push_back(each);
  return pruned;
}

}  // namespace CAIRN_NAMESPACE
