// CheckpointManagerOptions: the options of CheckpointManager, with TensorFlow's names.
#pragma once

#include "../core/detail/clock.hpp"
#include "../core/detail/fail.hpp"
#include "../core/detail/feature_flag.hpp"
#include "../core/detail/function_ref.hpp"
#include "../core/detail/own.hpp"
#include "../core/error.hpp"
#include "../io/path.hpp"
#include "load_status.hpp"
#include "options.hpp"
#include "retention.hpp"
#include "step_counter.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE {

namespace checkpoint::detail {

class ManagedDirectory;
class Signals;

// The features that options carry. Each definition of call() is beside the feature.
struct FallBackFeature {
  // Restores the newest checkpoint that `restore` does not find damaged, and says so in the directory's report(); the
  // status is that of no path when there is none at all. Throws Error: what `restore` throws for other reasons; what was
  // wrong with the newest when none is good. detail/directory/restore_newest.hpp has it.
  [[nodiscard]] static LoadStatus call(ManagedDirectory& directory,
                                       core::detail::FunctionRef<LoadStatus(const std::string&)> restore);
};
struct SignalFeature {
  [[nodiscard]] static core::detail::Own<Signals> call();  // detail/signals.hpp
};

}  // namespace checkpoint::detail

// How a CheckpointManager saves, keeps and restores. Options that cannot be meant make its constructor throw Error with
// ErrorCode::invalid_argument.
struct CheckpointManagerOptions {
  // The number of checkpoints that stay on the disk; nullopt keeps all.
  std::optional<std::int64_t> max_to_keep = std::nullopt;
  // Beyond max_to_keep, one checkpoint for every this many hours is kept for good.
  std::optional<double> keep_checkpoint_every_n_hours = std::nullopt;
  // The name of the checkpoints, before "-<number>"; not empty and without a '/'.
  std::string checkpoint_name = "ckpt";
  // With checkpoint_interval, save() writes only when the step has advanced by at least this number of steps since the
  // last save. The interval needs the step_counter, which every save reads and which must outlive the manager.
  std::optional<StepCounter> step_counter = std::nullopt;
  std::optional<std::int64_t> checkpoint_interval = std::nullopt;
  // The function that restore_or_initialize() calls when there is nothing to restore.
  std::function<void()> init_fn = {};
  // The step of the last save, for a program that goes on without a restore: the first interval is counted from it.
  // nullopt makes the first save() write at any step.
  std::optional<std::int64_t> last_checkpoint_step = std::nullopt;

  // With keep_best, which TensorFlow does not have, the best checkpoints by a metric stay beside the newest max_to_keep
  // (retention.hpp). Without it, the best that an earlier manager kept stay.
  std::optional<KeepBest> keep_best = std::nullopt;
  // With save_interval_secs, which TensorFlow does not have, save() writes only when this many seconds have passed
  // since this manager's last save or restore, or the clock has been set back. With checkpoint_interval, both must say
  // that it is time.
  std::optional<double> save_interval_secs = std::nullopt;
  // With fall_back, which TensorFlow does not have, a latest checkpoint or a file `checkpoint` that is damaged or
  // missing is put into fall_back_report(), and the newest good checkpoint of this checkpoint_name is restored. Without
  // it the damage is an Error.
  core::detail::FeatureFlag<checkpoint::detail::FallBackFeature> fall_back = {};
  // With save_on_signal, which TensorFlow does not have, the next save() after SIGTERM or SIGINT writes even if an
  // interval says no, and signal() says which one came, so that the loop can end. Handlers that the program has set
  // before are called, too, and are back when the last such manager ends. A second signal of the same kind is answered
  // as without this option.
  core::detail::FeatureFlag<checkpoint::detail::SignalFeature> save_on_signal = {};

  // Returns the seconds since 1970; empty means the system's clock. Another clock is for tests.
  std::function<double()> clock = {};
  // Returns what the clock says.
  [[nodiscard]] double now() const { return clock ? clock() : core::detail::seconds_since_1970(); }
};

// The arguments of CheckpointManager::save, with TensorFlow's names.
struct SaveArguments {
  // The number that the files are named by; the save counter counts on all the same. nullopt stands for the next number
  // of the counter.
  std::optional<std::int64_t> checkpoint_number = std::nullopt;
  // With `check_interval`, nothing is saved while checkpoint_interval or save_interval_secs says that it is not time
  // yet.
  bool check_interval = true;
  // How the checkpoint is written.
  CheckpointOptions options = {};
};

namespace checkpoint::detail {

// Checks the options. Throws Error with ErrorCode::invalid_argument for options that cannot be meant.
inline void require_legal(const CheckpointManagerOptions& options) {
  if (options.max_to_keep && *options.max_to_keep <= 0)
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"max_to_keep is ", *options.max_to_keep, ", but must be at least 1; leave it out to keep all checkpoints"},
        {.expected = "at least 1, or nullopt", .found = std::to_string(*options.max_to_keep)});
  if (options.checkpoint_interval && !options.step_counter)
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"checkpoint_interval counts steps and needs to know them: give {.step_counter = step} as well"});
  if (options.keep_best && (options.keep_best->count <= 0 || !options.keep_best->metric))
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"keep_best needs a count of at least 1 and a metric: {.keep_best = {{.count = 1, .metric = [&] { return "
         "loss; }}}}"});
  if (options.save_interval_secs && !(*options.save_interval_secs >= 0))
    core::detail::fail(ErrorCode::invalid_argument, {"save_interval_secs must be 0 or more seconds"});
  if (options.checkpoint_name.empty())
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"the checkpoint_name is empty; give what the checkpoints are called before their number, as in \"ckpt\""});
  if (std::string_view(options.checkpoint_name).find_first_of(io::separators) != std::string::npos)
    core::detail::fail(ErrorCode::invalid_argument,
                       {"the checkpoint_name \"", options.checkpoint_name,
                        "\" contains a '/'; name the directory in the directory argument"});
}

}  // namespace checkpoint::detail
}  // namespace CAIRN_NAMESPACE
