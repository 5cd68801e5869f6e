// mpi::CheckpointManager: numbered checkpoints in one directory, which all ranks save together.
//
//   cairn::mpi::CheckpointManager manager{checkpoint, "run", {.max_to_keep = 3}};
//   manager.restore_or_initialize();          // on 3 ranks, what 4 ranks saved
//   while (step(simulation)) manager.save();
#pragma once

#include "../checkpoint/detail/directory/restore_newest.hpp"
#include "../checkpoint/fall_back.hpp"
#include "../checkpoint/load_status.hpp"
#include "../checkpoint/manager.hpp"
#include "../checkpoint/manager_options.hpp"
#include "../core/detail/own.hpp"
#include "../core/detail/refuse.hpp"
#include "../core/path_argument.hpp"
#include "checkpoint.hpp"
#include "detail/collective_manager.hpp"
#include "options.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CAIRN_NAMESPACE::mpi {

// A cairn::CheckpointManager for all ranks of its Checkpoint's communicator: its rules for the directory, numbers,
// options and Errors hold here, too. The constructor, save, restore, restore_or_initialize and sync are collective
// (mpi/checkpoint.hpp), and so is the destructor after a save with enable_async that no other call has completed. All
// other members return what rank 0 told all ranks in the last collective call.
//
// Rank 0 has the directory: it takes the lock, chooses the numbers, writes the file `checkpoint` and deletes. Rank 0
// alone asks keep_best's metric, the step_counter and the clock, and its answer counts for all ranks; every rank calls
// its own init_fn.
template <class CheckpointType>
class CheckpointManager {
 public:
  // Collective. Throws Error with ErrorCode::invalid_argument for options that cannot be meant, or that are not those of
  // the other ranks; ErrorCode::data_loss for a damaged file `checkpoint`, unless options.fall_back.
  CheckpointManager(CheckpointType& checkpoint, const PathArgument& directory,
                    const CheckpointManagerOptions& options = {})
      : checkpoint_(&checkpoint),
        manager_(core::detail::make_own<detail::CollectiveManager>(detail::CheckpointAccess::state(checkpoint),
                                                                   directory.string(), options)) {}
  CheckpointManager(const CheckpointType&&, const PathArgument&, const CheckpointManagerOptions& = {}) {
    static_cast<void>(core::detail::refuse<checkpoint::detail::ACheckpointIsKept<CheckpointType>>());
  }
  CheckpointManager(const CheckpointManager&) = delete;
  CheckpointManager& operator=(const CheckpointManager&) = delete;
  CheckpointManager(CheckpointManager&&) noexcept = default;
  CheckpointManager& operator=(CheckpointManager&&) = delete;
  ~CheckpointManager() = default;

  // Collective. Saves the next checkpoint and returns its path, which is the same on every rank; nullopt when it is not
  // yet time by the step or clock of rank 0. With save_on_signal it saves in any case after a signal to any rank. With
  // enable_async the checkpoint becomes complete in the next collective call. Throws Error with the codes of
  // cairn::CheckpointManager::save and of mpi::Checkpoint::save.
  std::optional<std::string> save(std::optional<std::int64_t> checkpoint_number = std::nullopt,
                                  bool check_interval = true, const CheckpointOptions& options = {}) {
    return manager_->save({checkpoint_number, check_interval, options});
  }
  template <std::same_as<CheckpointOptions> Options = CheckpointOptions>
  std::optional<std::string> save(const Options& options) {
    return manager_->save({.options = options});
  }
  template <std::same_as<SaveArguments> Arguments = SaveArguments>
  std::optional<std::string> save(const Arguments& arguments) {
    return manager_->save(arguments);
  }

  // Collective. Restores the latest checkpoint, or the one at `path`; without either the status says that nothing was
  // restored. With fall_back and without a path, the newest checkpoint that is good on every rank is restored. Throws
  // Error with the codes of cairn::CheckpointManager::restore.
  [[nodiscard]] LoadStatus restore(const std::optional<PathArgument>& path = std::nullopt,
                                   const RestoreOptions& options = {}) {
    return manager_->restore(path ? std::optional(path->string()) : std::nullopt, options);
  }
  template <std::same_as<RestoreOptions> Options = RestoreOptions>
  [[nodiscard]] LoadStatus restore(const Options& options) {
    return manager_->restore(std::nullopt, options);
  }

  // Collective. Restores the latest checkpoint and returns its path. When there is none, every rank calls its init_fn,
  // if it has one, and gets nullopt. Throws Error with the codes of restore().
  std::optional<std::string> restore_or_initialize() { return manager_->restore_or_initialize(); }

  // Collective. Completes a save that is under way in the background; when it failed on any rank, its Error is thrown on
  // all, once.
  void sync() { manager_->sync(); }

  // These members, which are not collective, return what cairn::CheckpointManager's members of these names do, as rank
  // 0 told it in the last collective call.
  [[nodiscard]] std::optional<std::string> latest_checkpoint() const { return manager_->latest(); }
  [[nodiscard]] std::vector<std::string> checkpoints() const { return manager_->checkpoints(); }
  [[nodiscard]] std::optional<std::string> best_checkpoint() const { return manager_->best(); }
  [[nodiscard]] const FallBackReport& fall_back_report() const noexcept { return manager_->report(); }
  [[nodiscard]] const std::string& directory() const noexcept { return manager_->directory(); }
  [[nodiscard]] CheckpointType& checkpoint() const noexcept { return *checkpoint_; }
  [[nodiscard]] std::optional<std::int64_t> checkpoint_interval() const noexcept {
    return manager_->options().checkpoint_interval;
  }
  // Returns the signal that came to any rank before the last save(), with {.save_on_signal = true}; otherwise nullopt. It is
  // the same on every rank, so that all leave their loops together.
  [[nodiscard]] std::optional<int> signal() const noexcept { return manager_->signal(); }

 private:
  CheckpointType* checkpoint_ = nullptr;
  core::detail::Own<detail::CollectiveManager> manager_;
};

template <class... Children>
CheckpointManager(Checkpoint<Children...>&, const PathArgument&) -> CheckpointManager<Checkpoint<Children...>>;
template <class... Children>
CheckpointManager(Checkpoint<Children...>&, const PathArgument&, CheckpointManagerOptions)
    -> CheckpointManager<Checkpoint<Children...>>;

}  // namespace CAIRN_NAMESPACE::mpi
