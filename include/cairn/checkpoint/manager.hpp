// CheckpointManager: numbered checkpoints in one directory, the newest of them kept.
//
//   cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
//   manager.restore_or_initialize();
//   while (train(step)) manager.save();      // training/ckpt-1, ckpt-2, ...; the file training/checkpoint names them
#pragma once

#include "../core/refuse.hpp"
#include "checkpoint.hpp"
#include "live_directory.hpp"
#include "managed_directory.hpp"
#include "manager_options.hpp"
#include "signals.hpp"
#include "tracked_state.hpp"

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

namespace detail {

template <class CheckpointType>
struct ACheckpointIsKept {
  static_assert(!std::is_same_v<CheckpointType, CheckpointType>,
                "cairn: a CheckpointManager keeps a reference to its Checkpoint, and a temporary is gone before the "
                "first save. Give it a Checkpoint that lives as long as the CheckpointManager.");
};

}  // namespace detail

// One process at a time saves to a directory: from a manager's first save until its end there is the lock .cairn-lock,
// and the save of another process's manager throws. Restoring needs no lock, nor does any reader. Several managers of
// one process may take turns; each deletes only what it knows, and the last one's list counts. One thread at a time may
// call it. The state that its checkpoint tracks must outlive it. As a member it is a
// CheckpointManager<CheckpointOf<Model>>, below its Checkpoint and the Model; an object that has these must not be moved.
template <class CheckpointType, class Format = format::TensorBundle>
class CheckpointManager {
  static constexpr bool is_bundle = std::is_same_v<Format, format::TensorBundle>;

 public:
  // Reads the directory's state file, if there is one, and takes over the checkpoints it names; touches nothing else.
  // Throws Error: invalid_argument for options that cannot be meant; data_loss for a damaged state file.
  CheckpointManager(CheckpointType& checkpoint, const std::filesystem::path& directory,
                    const CheckpointManagerOptions& options = {})
      : checkpoint_(&checkpoint),
        state_(checkpoint.state()),
        form_(make_form(checkpoint)),
        directory_(detail::ManagedDirectory::make(state_->files(), directory.string(), options,
                                                  form_ == nullptr ? ".index" : form_->extension())),
        last_step_(options.last_checkpoint_step) {
    if (options.save_on_signal) listener_ = std::make_unique<detail::SignalListener>();
  }
  CheckpointManager(const CheckpointType&&, const std::filesystem::path&, const CheckpointManagerOptions& = {}) {
    static_cast<void>(detail::refuse<detail::ACheckpointIsKept<CheckpointType>>());
  }
  CheckpointManager(const CheckpointManager&) = delete;
  CheckpointManager& operator=(const CheckpointManager&) = delete;
  CheckpointManager(CheckpointManager&&) noexcept = default;
  CheckpointManager& operator=(CheckpointManager&&) = delete;
  // Waits for a save in the background; what went wrong there is left to the checkpoint's sync() or next save.
  ~CheckpointManager() {
    if (state_ != nullptr) state_->wait();
  }

  // Writes the next checkpoint and returns its path, "<directory>/<checkpoint_name>-<number>". nullopt when
  // checkpoint_interval or save_interval_secs says that it is not time yet: nothing has happened then.
  // The number is the save counter's next one, or beyond all that are in the directory: see Checkpoint::save. A number
  // that is given names the files only (the counter counts on); where this manager keeps a checkpoint of that number
  // the new one replaces it, and the old one stays until the new one is complete. Then: the state file names it, and
  // what is more than max_to_keep is deleted, in this order. Throws Error: failed_precondition when another manager is
  // at work here, and says which; already_exists for a number whose files are another's; when the disk refuses; and,
  // with enable_async, what went wrong with the save before. Every earlier checkpoint is still there then.
  std::optional<std::string> save(std::optional<std::int64_t> checkpoint_number = std::nullopt,
                                  bool check_interval = true, const CheckpointOptions& options = {}) {
    require_in_place();
    const std::optional<int> wanted = signal();
    const bool is_signalled = wanted && wanted != answered_signal_;
    const std::optional<std::int64_t> step_before = last_step_;
    if (!is_time(check_interval)) {
      if (!is_signalled) return std::nullopt;
      if (directory_->options().step_counter) last_step_ = directory_->options().step_counter->value();
    }
    try {
      state_->sync();
    } catch (...) {
      last_step_ = step_before;  // the failure was another save's
      throw;
    }
    const std::string prefix = io::join_path(directory_->directory(), directory_->options().checkpoint_name);
    const bool durable = options.durability == Durability::full;
    detail::KeptCheckpoint saved = directory_->describe();  // first: it may take its time
    const auto saving = directory_->prepare(
        checkpoint_number ? std::optional(detail::numbered_path(prefix, *checkpoint_number)) : std::nullopt, durable);
    const double now = saved.timestamp;
    std::string path = state_->save(
        prefix, checkpoint_number, options,
        [directory = directory_, saving, saved, durable](const std::string& complete) mutable {
          saved.path = complete;
          directory->keep(std::move(saved), durable);
        },
        form_.get(), directory_->highest_number(), directory_->second_name());
    if (is_signalled) {
      state_->sync();
      answered_signal_ = wanted;
    }
    last_time_ = now;
    return path;
  }

  // Restores the latest checkpoint, or the one at `path`. With neither, the status says that there was nothing. Throws
  // what Checkpoint::restore throws; every tracked value is what it was then, with its one exception. `options` are for
  // bundles. With {.fall_back = true} a latest that is damaged or missing is put into fall_back_report(), and the newest
  // good one is restored instead.
  [[nodiscard]] LoadStatus restore(const std::optional<std::string>& path = std::nullopt,
                                   const RestoreOptions& options = {}) {
    require_in_place();
    state_->wait();
    const auto restored = [&](const std::optional<std::string>& chosen) {
      if (!chosen) return LoadStatus();
      LoadStatus status =
          is_bundle ? state_->restore(*chosen, options, true) : state_->restore_archive(*form_, *chosen);
      if (directory_->options().step_counter) last_step_ = directory_->options().step_counter->value();
      if (directory_->options().save_interval_secs) last_time_ = directory_->options().clock();
      return status;
    };
    if (path) return restored(path);
    if (!directory_->options().fall_back) {
      const auto latest = latest_checkpoint();
      try {
        return restored(latest);
      } catch (const Error& error) {
        if (latest && error.code() == ErrorCode::not_found) directory_->require_there(*latest);
        throw;
      }
    }
    return directory_->restore_newest(restored).value_or(LoadStatus());
  }

  // Restores the latest checkpoint and returns its path. When there is none: calls init_fn, if given, and returns
  // nullopt. A latest checkpoint that is missing or damaged throws, unless {.fall_back = true}: see restore().
  std::optional<std::string> restore_or_initialize() {
    state_->wait();
    if (latest_checkpoint() || directory_->options().fall_back) {
      restore().expect_partial();
      const bool fell_back = directory_->options().fall_back;
      if (auto path = fell_back ? fall_back_report().restored : latest_checkpoint()) return path;
    }
    if (directory_->options().init_fn) directory_->options().init_fn();
    return std::nullopt;
  }

  // The newest that is complete: saved by this manager, or named by the state file when it was made; the one that
  // fall_back came to. May be called at any time.
  [[nodiscard]] std::optional<std::string> latest_checkpoint() const { return directory_->latest(); }

  // Those that this manager keeps, oldest first. May be called at any time.
  [[nodiscard]] std::vector<std::string> checkpoints() const { return directory_->checkpoints(); }

  // Of those, the best by keep_best; nullopt when no metric is known of any.
  [[nodiscard]] std::optional<std::string> best_checkpoint() const { return directory_->best(); }

  // What the last restore without a path found damaged, with {.fall_back = true}: false when it was nothing.
  [[nodiscard]] const FallBackReport& fall_back_report() const noexcept { return directory_->report(); }

  // SIGTERM or SIGINT, when one came and {.save_on_signal = true}. The save() after it has written whatever the
  // intervals say, and was complete when it returned.
  [[nodiscard]] std::optional<int> signal() const noexcept {
    return listener_ != nullptr ? listener_->signal() : std::nullopt;
  }

  [[nodiscard]] const std::string& directory() const noexcept { return directory_->directory(); }
  [[nodiscard]] CheckpointType& checkpoint() const noexcept { return *checkpoint_; }
  [[nodiscard]] std::optional<std::int64_t> checkpoint_interval() const noexcept {
    return directory_->options().checkpoint_interval;
  }

  // Waits for a save that is under way in the background (CheckpointOptions::enable_async). Throws what went wrong in
  // it, once.
  void sync() { state_->sync(); }

 private:
  // Throws Error (failed_precondition) when the Checkpoint that was given is elsewhere now.
  void require_in_place() const {
    if (state_->owner() == nullptr || state_->owner() == checkpoint_) return;
    throw Error(ErrorCode::failed_precondition,
                "the Checkpoint of the CheckpointManager of \"" + directory() +
                    "\" has been moved, and with it perhaps what it tracks, to which both keep references. Let an "
                    "object that owns them stay where it is: hold it by std::unique_ptr, and delete its move")
        .in_file(directory());
  }

  // Null for bundles, which need nothing of the user's types here.
  [[nodiscard]] static std::unique_ptr<detail::ArchiveForm> make_form(const CheckpointType& checkpoint) {
    if constexpr (!is_bundle)
      return detail::FormOf<Format>::make(checkpoint.children());
    else
      return static_cast<void>(checkpoint), nullptr;
  }

  // True when a save is due; then the step is the last one from now on, whether the save succeeds or not (as in
  // TensorFlow). The same step is never saved twice.
  [[nodiscard]] bool is_time(bool check_interval) {
    const CheckpointManagerOptions& options = directory_->options();
    if (check_interval && options.save_interval_secs && last_time_) {
      const double gone_by = options.clock() - *last_time_;
      if (gone_by >= 0 && gone_by < *options.save_interval_secs) return false;
    }
    if (!options.checkpoint_interval) return true;
    const std::int64_t step = options.step_counter->value();
    if (last_step_ && (step == *last_step_ || (check_interval && step < *last_step_ + *options.checkpoint_interval)))
      return false;
    last_step_ = step;
    return true;
  }

  CheckpointType* checkpoint_;
  std::shared_ptr<detail::TrackedState> state_;
  std::shared_ptr<detail::ArchiveForm> form_;
  std::shared_ptr<detail::ManagedDirectory> directory_;
  std::optional<std::int64_t> last_step_;
  std::optional<double> last_time_;
  std::unique_ptr<detail::SignalListener> listener_;
  std::optional<int> answered_signal_;
};

template <class... Children>
CheckpointManager(Checkpoint<Children...>&, const std::filesystem::path&) -> CheckpointManager<Checkpoint<Children...>>;
template <class... Children>
CheckpointManager(Checkpoint<Children...>&, const std::filesystem::path&, CheckpointManagerOptions)
    -> CheckpointManager<Checkpoint<Children...>>;

}  // namespace cairn
