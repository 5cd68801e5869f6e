// How a checkpoint is written and how it is restored.
#pragma once

#include "../graph/mismatch.hpp"

#include <concepts>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cairn {

// Whether a save waits for the disk. `full` (fsync before each rename) survives a power cut; `none` keeps the order of
// steps and so survives the end of the process, which is what TensorFlow promises at most.
enum class Durability { full, none };

// Called after a checkpoint is complete on the disk, with its path or with nothing.
class WriteCallback {
 public:
  template <class F>
  requires(std::invocable<F&, const std::string&> || std::invocable<F&>)
      WriteCallback(F function) {  // NOLINT(google-explicit-constructor): a lambda is a callback
    if constexpr (std::invocable<F&, const std::string&>)
      function_ = std::move(function);
    else
      function_ = [f = std::move(function)](const std::string&) mutable { f(); };
  }
  void operator()(const std::string& path) const { function_(path); }

 private:
  std::function<void(const std::string&)> function_;
};

struct CheckpointOptions {
  Durability durability = Durability::full;
  // Called in order after every write. One that throws leaves the files where they are and the error to the caller.
  std::vector<WriteCallback> write_callbacks = {};
};

struct RestoreOptions {
  // A value whose dtype or shape differs: `error` refuses the whole restore, `skip` leaves that value as it is and
  // lists it in the status.
  OnMismatch on_mismatch = OnMismatch::error;
};

}  // namespace cairn
