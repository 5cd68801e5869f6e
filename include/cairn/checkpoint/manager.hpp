// CheckpointManager: numbered checkpoints in one directory, of which the newest are kept.
//
//   cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
//   manager.restore_or_initialize();
//   while (train(step)) manager.save();      // training/ckpt-1, ckpt-2, ...; the file training/checkpoint names them
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/own.hpp"
#include "../core/detail/refuse.hpp"
#include "../core/detail/shared.hpp"
#include "../core/durability.hpp"
#include "../core/path_argument.hpp"
#include "checkpoint.hpp"
#include "detail/archive_form.hpp"
#include "detail/archived_state.hpp"
#include "detail/directory/managed_directory.hpp"
#include "detail/directory/restore_newest.hpp"
#include "detail/save_intervals.hpp"
#include "detail/signals.hpp"
#include "detail/tracked_state.hpp"
#include "manager_options.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace format {
// The files of tf.train.Checkpoint, which are the format of a CheckpointManager unless another one is given.
struct TensorBundle {};
// The other format: cereal's archives. It is defined in <cairn/cereal.hpp>.
template <class OutputArchive, class InputArchive>
struct Cereal;
}  // namespace format

namespace checkpoint::detail {

template <class CheckpointType>
struct ACheckpointIsKept {
  static_assert(!std::is_same_v<CheckpointType, CheckpointType>,
                "cairn: a CheckpointManager keeps a reference to its Checkpoint, and a temporary is gone before the "
                "first save. Give it a Checkpoint that lives as long as the CheckpointManager.");
};

// Enters a complete checkpoint into the list of its directory.
class KeepAfterSave final : public AfterSave {
 public:
  KeepAfterSave(ManagedDirectory& directory, const core::detail::Shared<DirectoryLock::Saving>& saving,
                const KeptCheckpoint& saved, Durability durability)
      : directory_(directory), saving_(saving), saved_(saved), durability_(durability) {}
  void run(const std::string& path) override {
    saved_.path = path;
    directory_.keep(std::move(saved_), durability_);
  }

 private:
  ManagedDirectory& directory_;
  core::detail::Shared<DirectoryLock::Saving> saving_;
  KeptCheckpoint saved_;
  Durability durability_;
};

}  // namespace checkpoint::detail

// Saves a Checkpoint to one directory, and deletes what its options do not keep. One process at a time saves to a
// directory: a manager takes the lock .cairn-lock at its first save and holds it until its end, and a save of another
// process's manager throws. A restore needs no lock, nor does any reader. Several managers of one process may take
// turns: each deletes only the checkpoints that it knows, and the list of the last one counts.
//
// A manager belongs to one thread at a time, but for the members that say otherwise. The Checkpoint and the objects
// that it tracks must outlive it. As a data member its type is CheckpointManager<CheckpointOf<Model>>, and it stands
// below the Checkpoint and the Model; an object that has these three must not be moved.
//
// Besides the codes that a member lists, a call that fails in the file system throws Error with
// ErrorCode::permission_denied, resource_exhausted (disk full, quota, memory) or unavailable (a failing disk).
template <class CheckpointType, class Format = format::TensorBundle>
class CheckpointManager {
  static constexpr bool is_bundle = std::is_same_v<Format, format::TensorBundle>;

 public:
  // Reads the file `checkpoint` of the directory, if there is one, and takes over the checkpoints that it names.
  // Nothing is written, and the directory need not exist. Throws Error with ErrorCode::invalid_argument for options
  // that cannot be meant; ErrorCode::data_loss for a damaged file `checkpoint`, unless options.fall_back.
  CheckpointManager(CheckpointType& checkpoint, const PathArgument& directory,
                    const CheckpointManagerOptions& options = {})
      : checkpoint_(&checkpoint),
        state_(checkpoint::detail::CheckpointAccess::state(checkpoint)),
        form_(make_form(checkpoint)),
        directory_(core::detail::make_own<checkpoint::detail::ManagedDirectory>(state_->files(), directory.string(),
                                                                                options, extension())),
        intervals_{options.last_checkpoint_step} {
    if (options.save_on_signal) signals_ = options.save_on_signal.call();
  }
  CheckpointManager(const CheckpointType&&, const PathArgument&, const CheckpointManagerOptions& = {}) {
    static_cast<void>(core::detail::refuse<checkpoint::detail::ACheckpointIsKept<CheckpointType>>());
  }
  CheckpointManager(const CheckpointManager&) = delete;
  CheckpointManager& operator=(const CheckpointManager&) = delete;
  CheckpointManager(CheckpointManager&&) noexcept = default;
  CheckpointManager& operator=(CheckpointManager&&) = delete;
  // The destructor waits for a save in the background. When that save failed, the Checkpoint's sync() or next save
  // throws its Error.
  ~CheckpointManager() {
    if (state_) state_->wait();
  }

  // Saves the next checkpoint and returns its path, "<directory>/<checkpoint_name>-<number>". nullopt means that it is
  // not time yet, by checkpoint_interval or save_interval_secs (unless check_interval is false), and that nothing was
  // done.
  //
  //   manager.save();
  //   manager.save({.enable_async = true});                             // CheckpointOptions alone
  //   manager.save(7);                                                  // "training/ckpt-7"
  //   manager.save({.checkpoint_number = 7, .check_interval = false});  // SaveArguments, with TensorFlow's names
  //
  // Without a checkpoint_number, the number is one more than the save counter, or than the highest number in the
  // directory (Checkpoint::save). A checkpoint_number names only the files, while the counter counts on; where this
  // manager keeps a checkpoint of that number, the new one replaces it, and the old one stays until the new one is
  // complete. When the files are complete, the file `checkpoint` names them; then the checkpoints beyond max_to_keep
  // are deleted.
  //
  // When it throws, every earlier checkpoint is still there, and the sentence says so when the new one is complete all
  // the same. With enable_async, the failure of the save before is thrown here.
  //
  // Throws Error with ErrorCode::failed_precondition when another manager is at work in the directory, which the
  // sentence names, when the Checkpoint was moved, and for the reasons that Checkpoint::save gives;
  // ErrorCode::already_exists for a checkpoint_number of a checkpoint that is there and that this manager does not
  // keep; ErrorCode::invalid_argument, out_of_range and unimplemented for the reasons that Checkpoint::save gives.
  std::optional<std::string> save(std::optional<std::int64_t> checkpoint_number = std::nullopt,
                                  bool check_interval = true, const CheckpointOptions& options = {}) {
    return save(SaveArguments{checkpoint_number, check_interval, options});
  }
  // The options are a template's, so that save({}) means no number.
  template <std::same_as<CheckpointOptions> Options = CheckpointOptions>
  std::optional<std::string> save(const Options& options) {
    return save(SaveArguments{.options = options});
  }
  template <std::same_as<SaveArguments> Arguments = SaveArguments>
  std::optional<std::string> save(const Arguments& arguments) {
    const auto& [checkpoint_number, check_interval, options] = arguments;
    require_in_place();
    const std::optional<int> wanted = signal();
    const bool is_signalled = wanted && wanted != answered_signal_;
    const std::optional<std::int64_t> step_before = intervals_.last_step;
    if (!intervals_.is_due(directory_->options(), check_interval)) {
      if (!is_signalled) return std::nullopt;
      if (directory_->options().step_counter) intervals_.last_step = directory_->options().step_counter->value();
    }
    try {
      state_->sync();
    } catch (...) {
      intervals_.last_step = step_before;  // the failure was another save's
      throw;
    }
    const std::string prefix = io::join_path(directory_->directory(), directory_->options().checkpoint_name);
    const Durability durability = options.durability;
    checkpoint::detail::KeptCheckpoint saved = directory_->describe();  // first: it may take its time
    const auto saving = directory_->prepare(
        checkpoint_number ? std::optional(checkpoint::detail::numbered_path(prefix, *checkpoint_number)) : std::nullopt,
        durability);
    const double now = saved.timestamp;
    std::string path =
        saving_state().save(prefix, checkpoint_number, options,
                            core::detail::Own<checkpoint::detail::AfterSave>(
                                new checkpoint::detail::KeepAfterSave(*directory_, saving, saved, durability)),
                            directory_->highest_number(), directory_->second_name());
    if (is_signalled) {
      state_->sync();
      answered_signal_ = wanted;
    }
    intervals_.last_time = now;
    return path;
  }

  // Restores the latest checkpoint, or the one at `path`. When there is neither, the status says that nothing was
  // restored. `options` are for TensorFlow's format; other formats ignore them. With fall_back and without a path, a
  // latest checkpoint that is damaged or missing is reported in fall_back_report(), and the newest good one is restored
  // instead.
  //
  // When it throws, every tracked value is what it was before, with the exception that Checkpoint::restore names.
  //
  // Throws Error with ErrorCode::not_found when the checkpoint is missing; ErrorCode::data_loss when it is damaged;
  // ErrorCode::invalid_argument, out_of_range, unimplemented and failed_precondition for the reasons that
  // Checkpoint::restore gives; ErrorCode::failed_precondition when the Checkpoint was moved. With fall_back and no good
  // checkpoint, the code is that of the first entry of the report.
  [[nodiscard]] LoadStatus restore(const std::optional<PathArgument>& path = std::nullopt,
                                   const RestoreOptions& options = {}) {
    require_in_place();
    state_->wait();
    const auto restored = [&](const std::optional<std::string>& chosen) {
      if (!chosen) return LoadStatus();
      LoadStatus status;
      if constexpr (is_bundle)
        status = state_->restore(*chosen, options, true);
      else
        status = saving_state().restore(*chosen);
      intervals_.begin(directory_->options());
      return status;
    };
    if (path) return restored(path->string());
    if (!directory_->options().fall_back) {
      const auto latest = latest_checkpoint();
      try {
        return restored(latest);
      } catch (const Error& error) {
        if (latest && error.code() == ErrorCode::not_found) directory_->require_there(*latest);
        throw;
      }
    }
    return directory_->options().fall_back.call(*directory_, restored);
  }
  // Restores the latest checkpoint with options alone: restore({.cast = cairn::Cast::widen}).
  template <std::same_as<RestoreOptions> Options = RestoreOptions>
  [[nodiscard]] LoadStatus restore(const Options& options) {
    return restore(std::nullopt, options);
  }

  // Restores the latest checkpoint and returns its path. When there is none, calls init_fn, if given, and returns
  // nullopt. When it throws, every tracked value is what it was before, with the exception that Checkpoint::restore
  // names. Throws Error with ErrorCode::not_found or data_loss when the latest checkpoint is missing or damaged, unless
  // fall_back finds another one; ErrorCode::invalid_argument, out_of_range, unimplemented and failed_precondition for
  // the reasons that restore() gives.
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

  // Returns the newest checkpoint that is complete: the last one that this manager saved, that the file `checkpoint`
  // named when the manager was made, or that fall_back restored. Any thread may call it.
  [[nodiscard]] std::optional<std::string> latest_checkpoint() const { return directory_->latest(); }

  // Returns the checkpoints that this manager keeps, the oldest first. Any thread may call it.
  [[nodiscard]] std::vector<std::string> checkpoints() const { return directory_->checkpoints(); }

  // Returns the best of checkpoints(), by keep_best; nullopt when no metric of any is known. Any thread may call it.
  [[nodiscard]] std::optional<std::string> best_checkpoint() const { return directory_->best(); }

  // Returns what the last restore without a path found damaged, with {.fall_back = true}. The report is false when
  // nothing was damaged.
  [[nodiscard]] const FallBackReport& fall_back_report() const noexcept { return directory_->report(); }

  // Returns SIGTERM or SIGINT when one of them came, with {.save_on_signal = true}; otherwise nullopt. The first save()
  // after the signal writes whatever the intervals say, and is complete when it returns, also with enable_async. Any
  // thread may call it.
  [[nodiscard]] std::optional<int> signal() const noexcept {
    return signals_ != nullptr ? signals_->signal() : std::nullopt;
  }

  // Returns the directory as it was given.
  [[nodiscard]] const std::string& directory() const noexcept { return directory_->directory(); }
  // Returns the Checkpoint that was given.
  [[nodiscard]] CheckpointType& checkpoint() const noexcept { return *checkpoint_; }
  // Returns the option checkpoint_interval: the number of steps between two saves; nullopt when every call of save()
  // saves.
  [[nodiscard]] std::optional<std::int64_t> checkpoint_interval() const noexcept {
    return directory_->options().checkpoint_interval;
  }

  // Waits for a save that is under way in the background (CheckpointOptions::enable_async). When that save failed, its
  // Error is thrown, once. Throws ErrorCode::failed_precondition in a write callback.
  void sync() { state_->sync(); }

 private:
  // Throws Error with ErrorCode::failed_precondition when the Checkpoint that was given has been moved.
  void require_in_place() const {
    if (state_->owner() == nullptr || state_->owner() == checkpoint_) return;
    core::detail::fail(ErrorCode::failed_precondition,
                       {"the Checkpoint of the CheckpointManager of \"", directory(),
                        "\" has been moved, and with it perhaps what it tracks, to which both keep references. Let an "
                        "object that owns them stay where it is: hold it by std::unique_ptr, and delete its move"},
                       {.file = directory()});
  }

  // Bundles need nothing of the user's types here.
  using Form = std::conditional_t<is_bundle, std::nullptr_t, core::detail::Own<checkpoint::detail::ArchiveForm>>;
  [[nodiscard]] static Form make_form(const CheckpointType& checkpoint) {
    if constexpr (!is_bundle)
      return checkpoint::detail::FormOf<Format>::make(checkpoint::detail::CheckpointAccess::children(checkpoint));
    else
      return static_cast<void>(checkpoint), nullptr;
  }
  // Returns the end of the name of the file that makes a checkpoint exist.
  [[nodiscard]] std::string extension() const {
    if constexpr (is_bundle)
      return ".index";
    else
      return form_ == nullptr ? ".index" : form_->extension();
  }
  // Returns what saves in this format.
  [[nodiscard]] decltype(auto) saving_state() const {
    if constexpr (is_bundle)
      return (*state_);
    else
      return checkpoint::detail::ArchivedState(*state_, *form_);
  }

  CheckpointType* checkpoint_;
  core::detail::Shared<checkpoint::detail::TrackedState> state_;
  Form form_;
  core::detail::Own<checkpoint::detail::ManagedDirectory> directory_;
  checkpoint::detail::SaveIntervals intervals_;
  core::detail::Own<checkpoint::detail::Signals> signals_;  // null without save_on_signal
  std::optional<int> answered_signal_;
};

template <class... Children>
CheckpointManager(Checkpoint<Children...>&, const PathArgument&) -> CheckpointManager<Checkpoint<Children...>>;
template <class... Children>
CheckpointManager(Checkpoint<Children...>&, const PathArgument&, CheckpointManagerOptions)
    -> CheckpointManager<Checkpoint<Children...>>;

}  // namespace CAIRN_NAMESPACE
