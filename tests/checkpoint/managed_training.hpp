// A directory that a manager saved to: what tests share that work on one where no manager is.
#pragma once

#include <cairn/checkpoint/manager.hpp>

#include "checkpoint/states.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace cairn::test {

using literals::operator""_a;

struct ManagedTraining {
  testing::MemoryFileSystem files;
  double now = 1'000'000;
  std::int64_t step = 0;
  CheckpointIn checkpoint{files, "step"_a = step};

  // Half an hour apart.
  void save(int count, CheckpointManagerOptions options = {}) {
    options.clock = [this] { return now += 1800; };
    CheckpointManager<CheckpointIn> manager{checkpoint, "d", std::move(options)};
    for (int i = 0; i < count; ++i) manager.save();
  }
  [[nodiscard]] std::string state() { return read_file(files, "d/checkpoint"); }
};

}  // namespace cairn::test
