// checkpoints_iterator: the new checkpoints of a directory as they come, for a program that evaluates beside the one
// that trains.
//
//   for (const std::string& path : cairn::checkpoints_iterator("training", {.timeout = 600}))
//     evaluate(path);                                    // ends when ten minutes bring nothing new
#pragma once

#include "../core/detail/clock.hpp"
#include "../core/detail/own.hpp"
#include "../core/path_argument.hpp"
#include "detail/directory/state_file.hpp"

#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE {

// How checkpoints_iterator() waits.
struct CheckpointsIteratorOptions {
  // The least number of seconds between two checkpoints, counted from the time when the first of them was handed out.
  double min_interval_secs = 0;
  // The number of seconds to wait for a new checkpoint; nullopt waits for ever.
  std::optional<double> timeout = std::nullopt;
  // Returns whether no more checkpoints will come. It is called after every timeout, which then does not end the range
  // by itself, and, as in TensorFlow, after every checkpoint.
  std::function<bool()> timeout_fn = {};
  // A clock in seconds, and a function that waits for a number of seconds. Others are for tests.
  std::function<double()> clock = core::detail::steady_seconds;
  std::function<void(double)> sleep = core::detail::sleep_for_seconds;
};

namespace checkpoint::detail {

// Returns the latest checkpoint of the directory as soon as it is another one than `last`; nullopt when the next look,
// a second from now, would be after the timeout (tf.train's wait_for_new_checkpoint). Throws Error with
// ErrorCode::data_loss for a damaged file `checkpoint`.
[[nodiscard]] inline std::optional<std::string> wait_for_new_checkpoint(const std::string& directory,
                                                                        const std::optional<std::string>& last,
                                                                        const CheckpointsIteratorOptions& options) {
  constexpr double seconds_to_sleep = 1;
  const double begin = options.timeout ? options.clock() : 0;
  for (;;) {
    if (auto path = latest_checkpoint(directory); path && path != last) return path;
    if (options.timeout && options.clock() + seconds_to_sleep > begin + *options.timeout) return std::nullopt;
    options.sleep(seconds_to_sleep);
  }
}

}  // namespace checkpoint::detail

// An input range of paths; each increment waits for the next checkpoint. When several checkpoints come while one is
// looked at, only the latest is handed out. The range can be gone through once, by one thread.
class CheckpointsIterator {
  struct Wait {
    std::string directory;
    CheckpointsIteratorOptions options;
    std::optional<std::string> path;
    double handed_out;

    void next() {
      if (path) {
        const double rest = handed_out + options.min_interval_secs - options.clock();
        if (rest > 0) options.sleep(rest);
        if (options.timeout_fn && options.timeout_fn()) return path.reset();
      }
      for (;;) {
        auto found = checkpoint::detail::wait_for_new_checkpoint(directory, path, options);
        if (found) {
          path = std::move(found);
          handed_out = options.clock();
          return;
        }
        if (!options.timeout_fn || options.timeout_fn()) return path.reset();
      }
    }
  };

 public:
  // Nothing is looked at yet; begin() waits for the first checkpoint.
  CheckpointsIterator(const PathArgument& directory, CheckpointsIteratorOptions options)
      : wait_(new Wait{directory.string(), std::move(options), std::nullopt, 0}) {}

  // An input iterator over paths. Its copies share one place in the directory.
  class iterator {
   public:
    // *iterator is the path of a checkpoint, which is valid until the next step.
    using value_type = std::string;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    [[nodiscard]] const std::string& operator*() const noexcept { return *wait_->path; }
    // Waits for the next checkpoint. Throws Error with ErrorCode::data_loss when the directory's file `checkpoint` is
    // damaged.
    iterator& operator++() {
      wait_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& at, std::default_sentinel_t) noexcept { return !at.wait_->path; }

   private:
    friend CheckpointsIterator;
    explicit iterator(CheckpointsIterator& range) noexcept : wait_(range.wait_.get()) {}
    Wait* wait_ = nullptr;
  };

  // Waits for the first checkpoint. Throws Error with ErrorCode::data_loss when the directory's file `checkpoint` is
  // damaged.
  [[nodiscard]] iterator begin() {
    wait_->next();
    return iterator(*this);
  }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  core::detail::Own<Wait> wait_;
};

// Returns the range of a directory's new checkpoints. The directory need not exist yet.
[[nodiscard]] inline CheckpointsIterator checkpoints_iterator(const PathArgument& directory,
                                                              CheckpointsIteratorOptions options = {}) {
  return {directory, std::move(options)};
}

}  // namespace CAIRN_NAMESPACE
