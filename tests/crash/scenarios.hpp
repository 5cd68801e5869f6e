// The lives of a directory that are cut short everywhere.
#pragma once

#include <cairn/bundle/rewrite.hpp>
#include <cairn/edit/checkpoint_editor.hpp>

#include "crash/promises.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::test {

struct Scenario {
  std::string name;
  int before;  // saves of an earlier process
  int saves;   // of the one that is cut short
  std::optional<std::int64_t> max_to_keep;
  CheckpointOptions options{};
  bool same_prefix = false;  // writes to d/fixed over and over, without a manager
  bool rewrites = false;     // the same by bundle::rewrite
  bool edits = false;        // instead, by a CheckpointEditor
};

inline const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all{
      {"first", 0, 1, std::nullopt},
      {"n-th", 3, 1, std::nullopt},
      {"rotate, keep 1", 2, 2, 1},
      {"rotate, keep 3", 4, 2, 3},
      {"same prefix", 1, 2, std::nullopt, {}, true},
      {"4 shards", 2, 1, 1, {.shard_size = 512}},
      {"rewritten", 1, 1, std::nullopt, {}, true, true},
      {"edited", 1, 1, std::nullopt, {}, true, true, true},
      {"in the background", 2, 2, 1, {.enable_async = true}},
      {"incremental", 1, 2, 1, {.incremental = true, .frozen = {"frozen"}}},
      {"incremental, same prefix",
       1,
       2,
       std::nullopt,
       {.enable_async = true, .incremental = true, .frozen = {"frozen"}},
       true},
  };
  return all;
}

// Calls `saved(step)` around each save: before it with the step negative, and after it returned.
inline void run_process(const Scenario& scenario, io::FileSystem& files, const std::string& directory, int saves,
                        const std::function<void(std::int64_t)>& saved) {
  CrashState state;
  CheckpointIn checkpoint(files, state);
  const std::string fixed = io::join_path(directory, "fixed");
  if (scenario.same_prefix) {
    if (bundle::checkpoint_exists(fixed, files)) (void)checkpoint.read(fixed);
    for (int i = 0; i < saves; ++i) {
      state.become(state.step + 1);
      if (scenario.rewrites) checkpoint.write(fixed + "-" + std::to_string(state.step), scenario.options);
      saved(-state.step);
      if (scenario.rewrites) {
        const bundle::Reader source(fixed + "-" + std::to_string(state.step), files);
        if (scenario.edits)
          CheckpointEditor(source.prefix(), files).rename("notes", "remarks").rename("remarks", "notes").write(fixed);
        else
          bundle::rewrite(source, fixed, {}, files);
        bundle::remove_checkpoint(source.prefix(), files);
      } else {
        checkpoint.write(fixed, scenario.options);
      }
      checkpoint.sync();
      saved(state.step);
    }
    return;
  }
  CheckpointManager<CheckpointIn> manager(
      checkpoint, directory,
      {.max_to_keep = scenario.max_to_keep, .clock = [now = 1.0e6]() mutable { return now += 1; }});
  manager.restore_or_initialize();
  for (int i = 0; i < saves; ++i) {
    state.become(state.step + 1);
    saved(-state.step);
    try {
      manager.save(scenario.options);
      manager.sync();
    } catch (const Error&) {
      CHECK(state.is_whole());  // what is in memory is what it was
      throw;
    }
    saved(state.step);
  }
}

inline void note(Steps& progress, std::int64_t step) {
  if (step < 0)
    progress.tried = -step;
  else
    progress.returned = step;
}

// What is to be seen afterwards. Returns the latest step.
inline std::int64_t require_promises(const Scenario& scenario, io::FileSystem& files, const std::string& directory,
                                     const Steps& progress, bool power_was_cut = false) {
  if (!scenario.same_prefix) return require_promises(files, directory, progress, power_was_cut);
  const std::string fixed = io::join_path(directory, "fixed");
  const std::int64_t step = bundle::checkpoint_exists(fixed, files) ? step_of(files, fixed) : 0;
  CHECK(step >= progress.returned);
  CHECK(step <= std::max(progress.tried, progress.returned));
  return step;
}

}  // namespace cairn::test
