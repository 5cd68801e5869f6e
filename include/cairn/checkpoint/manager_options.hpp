// The options of CheckpointManager, with TensorFlow's names.
#pragma once

#include "../core/error.hpp"
#include "step_counter.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cairn {

struct CheckpointManagerOptions {
  // How many checkpoints stay on the disk; nullopt keeps all.
  std::optional<std::int64_t> max_to_keep = std::nullopt;
  // Beyond those: keeps one checkpoint for every so many hours, for good.
  std::optional<double> keep_checkpoint_every_n_hours = std::nullopt;
  std::string checkpoint_name = "ckpt";
  // With checkpoint_interval, save() writes only when the step has advanced by so much since the last save.
  std::optional<StepCounter> step_counter = std::nullopt;
  std::optional<std::int64_t> checkpoint_interval = std::nullopt;
  // What restore_or_initialize() calls when there is nothing to restore.
  std::function<void()> init_fn = {};
  std::optional<std::int64_t> last_checkpoint_step = std::nullopt;
  // Seconds since 1970; another clock is for tests.
  std::function<double()> clock = [] {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  };
};

namespace detail {

// Throws Error (invalid_argument) for options that cannot be meant.
inline void require_legal(const CheckpointManagerOptions& options) {
  if (options.max_to_keep && *options.max_to_keep <= 0)
    throw Error(ErrorCode::invalid_argument, "max_to_keep is " + std::to_string(*options.max_to_keep) +
                                                 ", but must be at least 1; leave it out to keep all checkpoints")
        .expecting("at least 1, or nullopt", std::to_string(*options.max_to_keep));
  if (options.checkpoint_interval && !options.step_counter)
    throw Error(ErrorCode::invalid_argument,
                "checkpoint_interval counts steps and needs to know them: give {.step_counter = step} as well");
  if (options.checkpoint_name.find('/') != std::string::npos)
    throw Error(ErrorCode::invalid_argument, "the checkpoint_name \"" + options.checkpoint_name +
                                                 "\" contains a '/'; name the directory in the directory argument");
}

}  // namespace detail
}  // namespace cairn
