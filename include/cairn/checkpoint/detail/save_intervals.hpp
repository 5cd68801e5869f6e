// checkpoint_interval and save_interval_secs: whether a save of a manager is due.
#pragma once

#include "../manager_options.hpp"

#include <cstdint>
#include <optional>

namespace CAIRN_NAMESPACE::checkpoint::detail {

struct SaveIntervals {
  std::optional<std::int64_t> last_step;  // of the last save or restore
  std::optional<double> last_time{};      // likewise

  // Returns true when a save is due; the step then becomes the last step, whether the save succeeds or not, as in
  // TensorFlow. The same step is never saved twice.
  [[nodiscard]] bool is_due(const CheckpointManagerOptions& options, bool check_interval) {
    if (check_interval && options.save_interval_secs && last_time) {
      const double gone_by = options.now() - *last_time;
      if (gone_by >= 0 && gone_by < *options.save_interval_secs) return false;
    }
    if (!options.checkpoint_interval) return true;
    const std::int64_t step = options.step_counter->value();
    if (last_step && (step == *last_step || (check_interval && step < *last_step + *options.checkpoint_interval)))
      return false;
    last_step = step;
    return true;
  }

  // Counts from now on: a state was restored.
  void begin(const CheckpointManagerOptions& options) {
    if (options.step_counter) last_step = options.step_counter->value();
    if (options.save_interval_secs) last_time = options.now();
  }
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
