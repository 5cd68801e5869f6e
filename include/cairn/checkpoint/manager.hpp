// CheckpointManager: numbered checkpoints in one directory, the newest of them kept.
//
//   cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
//   manager.restore_or_initialize();
//   while (train(step)) manager.save();          // training/ckpt-1, ckpt-2, ...; the file training/checkpoint names
//   them
#pragma once

#include "checkpoint.hpp"
#include "leftovers.hpp"
#include "manager_options.hpp"
#include "remove_checkpoint.hpp"
#include "retention.hpp"
#include "state_file.hpp"
#include "tracked_state.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn {

namespace format {
// The files of tf.train.Checkpoint: the format of a CheckpointManager unless another is asked for.
struct TensorBundle {};
}  // namespace format

// One manager, in one process, per directory. One thread at a time may call it. The state that its checkpoint tracks
// must outlive it.
template <class CheckpointType, class Format = format::TensorBundle>
class CheckpointManager {
  static_assert(std::is_same_v<Format, format::TensorBundle>,
                "cairn: a CheckpointManager writes format::TensorBundle; other formats are not there yet.");

 public:
  // Reads the directory's state file, if there is one, and takes over the checkpoints it names; touches nothing else.
  // Throws Error: invalid_argument for options that cannot be meant; data_loss for a damaged state file.
  CheckpointManager(CheckpointType& checkpoint, const std::filesystem::path& directory,
                    CheckpointManagerOptions options = {})
      : checkpoint_(&checkpoint),
        state_(checkpoint.state()),
        directory_(directory.string()),
        options_(std::move(options)) {
    detail::require_legal(options_);
    last_step_ = options_.last_checkpoint_step;
    open();
  }
  CheckpointManager(const CheckpointType&& temporary, const std::filesystem::path& directory,
                    CheckpointManagerOptions options = {}) = delete;

  // Writes the next checkpoint and returns its path, "<directory>/<checkpoint_name>-<number>". nullopt when
  // checkpoint_interval says that it is not time yet: nothing has happened then.
  // The number is the save counter's next one, or beyond all that are in the directory: see Checkpoint::save. A number
  // that is given names the files only (the counter counts on); where it exists already the new checkpoint replaces the
  // old one, which stays until the new one is complete.
  // Then: the state file names it, and what is more than max_to_keep is deleted, in this order. Throws Error when the
  // disk refuses; every earlier checkpoint is still there then.
  std::optional<std::string> save(std::optional<std::int64_t> checkpoint_number = std::nullopt,
                                  bool check_interval = true, const CheckpointOptions& options = {}) {
    if (!is_time(check_interval)) return std::nullopt;
    const std::string prefix = io::join_path(directory_, options_.checkpoint_name);
    return state_->save(prefix, checkpoint_number, options,
                        [&](const std::string& path) { keep(path, options.durability == Durability::full); });
  }

  // Restores the latest checkpoint, or the one at `path`. With neither, the status says that there was nothing. Throws
  // what Checkpoint::restore throws; every tracked value is what it was then.
  LoadStatus restore(const std::optional<std::string>& path = std::nullopt, const RestoreOptions& options = {}) {
    const std::optional<std::string>& chosen = path ? path : latest_;
    LoadStatus status = checkpoint_->restore(chosen, options);
    if (chosen && options_.step_counter) last_step_ = options_.step_counter->value();
    return status;
  }

  // Restores the latest checkpoint and returns its path. When there is none: calls init_fn, if given, and returns
  // nullopt. A latest checkpoint that is missing or damaged throws: older ones are not tried.
  std::optional<std::string> restore_or_initialize() {
    if (latest_) {
      restore().expect_partial();
      return latest_;
    }
    if (options_.init_fn) options_.init_fn();
    return std::nullopt;
  }

  // The newest: saved by this manager, or named by the state file when it was made. Not read again.
  [[nodiscard]] const std::optional<std::string>& latest_checkpoint() const noexcept { return latest_; }

  // Those that this manager keeps, oldest first.
  [[nodiscard]] std::vector<std::string> checkpoints() const {
    std::vector<std::string> paths;
    for (const detail::KeptCheckpoint& each : retention_.kept) paths.push_back(each.path);
    return paths;
  }

  [[nodiscard]] const std::string& directory() const noexcept { return directory_; }
  [[nodiscard]] CheckpointType& checkpoint() const noexcept { return *checkpoint_; }
  [[nodiscard]] std::optional<std::int64_t> checkpoint_interval() const noexcept {
    return options_.checkpoint_interval;
  }
  // Waits for saves that are under way. There are none: every save is complete when it returns.
  void sync() const noexcept {}

 private:
  // tf.train.CheckpointManager.__init__: only what is newer than the last preserved checkpoint is managed, and so
  // nothing of a state file without timestamps, which Checkpoint::save writes.
  void open() {
    const double now = options_.clock();
    retention_.last_preserved_timestamp = now - 1;
    const auto state = detail::read_state(state_->files(), directory_);
    if (!state) return;
    latest_ = state->model_checkpoint_path;
    // A clock that went back leaves older files alone rather than deleting them.
    retention_.last_preserved_timestamp = std::min(state->last_preserved_timestamp, now);
    const auto& paths = state->all_model_checkpoint_paths;
    const auto& timestamps = state->all_model_checkpoint_timestamps;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const double timestamp = i < timestamps.size() ? std::min(timestamps[i], now) : 0;
      // What is named twice is one checkpoint, as old as its last mention.
      std::erase_if(retention_.kept, [&](const detail::KeptCheckpoint& each) { return each.path == paths[i]; });
      // Whoever wrote the state file may have named anything: only what is in the directory may be deleted one day.
      if (timestamp > retention_.last_preserved_timestamp && detail::is_inside(directory_, paths[i]))
        retention_.kept.push_back({paths[i], timestamp});
    }
  }

  // True when a save is due; then the step is the last one from now on, whether the save succeeds or not (as in
  // TensorFlow). The same step is never saved twice.
  [[nodiscard]] bool is_time(bool check_interval) {
    if (!options_.checkpoint_interval) return true;
    const std::int64_t step = options_.step_counter->value();
    if (last_step_ && (step == *last_step_ || (check_interval && step < *last_step_ + *options_.checkpoint_interval)))
      return false;
    last_step_ = step;
    return true;
  }

  // After the files are complete. Nothing is deleted before the state file no longer names it.
  void keep(const std::string& path, bool durable) {
    auto& kept = retention_.kept;
    std::erase_if(kept, [&](const detail::KeptCheckpoint& each) { return each.path == path; });
    kept.push_back({path, options_.clock()});
    latest_ = path;
    const auto max_to_keep =
        options_.max_to_keep ? std::optional(static_cast<std::size_t>(*options_.max_to_keep)) : std::nullopt;
    std::erase(dropped_, path);
    for (std::string& old : retention_.sweep(max_to_keep, options_.keep_checkpoint_every_n_hours))
      dropped_.push_back(std::move(old));

    CheckpointState state{path, {}, {}, retention_.last_preserved_timestamp};
    for (const detail::KeptCheckpoint& each : kept) {
      state.all_model_checkpoint_paths.push_back(each.path);
      state.all_model_checkpoint_timestamps.push_back(each.timestamp);
    }
    detail::write_state(state_->files(), directory_, std::move(state), durable);
    const bool deletes = !dropped_.empty();
    for (; !dropped_.empty(); dropped_.erase(dropped_.begin()))
      detail::remove_checkpoint(state_->files(), dropped_.front());
    const std::string folder = directory_.empty() ? "." : directory_;
    if (!std::exchange(is_swept_, true)) detail::remove_leftovers(state_->files(), folder, options_.checkpoint_name);
    if (durable && deletes) state_->files().sync_directory(folder);
  }

  CheckpointType* checkpoint_;
  std::shared_ptr<detail::TrackedState> state_;
  std::string directory_;
  CheckpointManagerOptions options_;
  std::optional<std::string> latest_;
  detail::Retention retention_{};
  std::vector<std::string> dropped_;  // no longer kept, but not deleted yet: a disk that refuses is asked again
  std::optional<std::int64_t> last_step_;
  bool is_swept_ = false;  // what a killed process left here: once, after the first save
};

template <class... Children>
CheckpointManager(Checkpoint<Children...>&, const std::filesystem::path&) -> CheckpointManager<Checkpoint<Children...>>;
template <class... Children>
CheckpointManager(Checkpoint<Children...>&, const std::filesystem::path&, CheckpointManagerOptions)
    -> CheckpointManager<Checkpoint<Children...>>;

}  // namespace cairn
