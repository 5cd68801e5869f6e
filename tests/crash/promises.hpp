// What a checkpoint directory must be like, whatever happened to the processes that saved to it: the promises of the
// README, looked at through cairn.
#pragma once

#include <cairn/bundle/verify.hpp>
#include <cairn/checkpoint/manager.hpp>

#include <doctest/doctest.h>

#include "checkpoint/states.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::test {

// Every value says which step it is of, so that a mixture of two cannot hide.
struct CrashState {
  Variable<float, 300> weights;
  std::vector<std::string> notes;
  Variable<double, 7> more;
  Variable<float, 9> frozen{{1, 2, 3, 4, 5, 6, 7, 8, 9}};  // never changes
  std::int64_t step = 0;

  void become(std::int64_t now) {
    step = now;
    std::fill_n(weights.data(), weights.size(), static_cast<float>(now));
    std::fill_n(more.data(), more.size(), static_cast<double>(now) / 3);
    notes.assign(3, "step " + std::to_string(now));
  }
  [[nodiscard]] bool is_whole() const {
    CrashState expected;
    expected.become(step);
    return std::equal(weights.span().begin(), weights.span().end(), expected.weights.span().begin()) &&
           std::equal(more.span().begin(), more.span().end(), expected.more.span().begin()) &&
           std::equal(frozen.span().begin(), frozen.span().end(), expected.frozen.span().begin()) &&
           notes == expected.notes;
  }
};

// What a process did before it ended.
struct Steps {
  std::int64_t tried = 0;     // the step of the last save that began
  std::int64_t returned = 0;  // of the last one that returned
};

// Files that are not the manager's, some of them lookalikes: nobody may touch them.
inline const std::map<std::string, std::string>& foreign_files() {
  static const std::map<std::string, std::string> files{
      {"notes.txt", "mine"},
      {"ckpt-1.index.bak", "mine too"},
      {"ckpt-x.index", "no number"},
      {"ckptt-1.data-00000-of-00001", "another name"},
      {"ckpt-1.meta", "of TensorFlow 1"},
      {"other-1.index.cairn-tmp-999999999-0", "another manager's leftover"},
  };
  return files;
}
inline void add_foreign_files(io::FileSystem& files, const std::string& directory) {
  files.create_directories(directory, Durability::full);
  for (const auto& [name, text] : foreign_files()) write_file(files, io::join_path(directory, name), text);
  files.sync_directory(directory);
}

// The step of the checkpoint at `path`; a failed check when it is damaged or a mixture.
inline std::int64_t step_of(io::FileSystem& files, const std::string& path) {
  CAPTURE(path);
  for (const Finding& finding : verify(path, files)) FAIL_CHECK(finding.problem);
  CrashState state;
  CheckpointIn checkpoint(files, state);
  CHECK_NOTHROW(checkpoint.read(path).assert_existing_objects_matched());
  CHECK(state.is_whole());
  return state.step;
}

// Checks all that can be seen from outside. `power_was_cut`: then what was removed may be there again, in part.
// Returns the step of the latest; 0 when there is none.
inline std::int64_t require_promises(io::FileSystem& files, const std::string& directory, const Steps& progress,
                                     bool power_was_cut = false) {
  std::int64_t latest = 0;
  const auto state = bundle::detail::read_state(files, directory);
  if (state) {
    for (const std::string& path : state->all_model_checkpoint_paths) (void)step_of(files, path);
    latest = step_of(files, state->model_checkpoint_path);
  }
  CHECK(latest >= progress.returned);
  CHECK(latest <= std::max(progress.tried, progress.returned));
  if (!files.is_directory(directory)) return latest;
  const std::vector<std::string> names = files.list_directory(directory);
  for (const std::string& name : names) {
    CAPTURE(name);
    const bool is_known = name == "checkpoint" || name == ".cairn-lock" || io::is_temporary(name) ||
                          foreign_files().contains(name) ||
                          checkpoint::detail::number_of_file(name, "ckpt").has_value() || name == "fixed.index" ||
                          bundle::shards_of_data_name(name, "fixed").has_value();
    CHECK(is_known);
    if (!power_was_cut && name.ends_with(".index") && !foreign_files().contains(name))
      (void)step_of(files, io::join_path(directory, name.substr(0, name.size() - 6)));
  }
  if (std::find(names.begin(), names.end(), "notes.txt") != names.end())
    for (const auto& [name, text] : foreign_files()) CHECK(read_file(files, io::join_path(directory, name)) == text);
  return latest;
}

// After the next process has saved: every file is somebody else's, or of a checkpoint that the state file names.
inline void require_clean(io::FileSystem& files, const std::string& directory) {
  std::set<std::string> named;
  if (const auto state = bundle::detail::read_state(files, directory)) {
    named.insert(state->model_checkpoint_path);
    named.insert(state->all_model_checkpoint_paths.begin(), state->all_model_checkpoint_paths.end());
  }
  for (const std::string& name : files.list_directory(directory)) {
    CAPTURE(name);
    if (name == "checkpoint" || foreign_files().contains(name)) continue;
    const auto number = checkpoint::detail::number_of_file(name, "ckpt");
    REQUIRE(number.has_value());
    CHECK_FALSE(io::is_temporary(name));
    CHECK(named.contains(io::join_path(directory, "ckpt-" + std::to_string(*number))));
  }
}

// A process of its own would have another number: the temporary files of the one that was "killed" in memory get one
// that nobody has.
inline void bury(io::FileSystem& files, const std::string& directory) {
  if (!files.is_directory(directory)) return;
  for (const std::string& name : files.list_directory(directory)) {
    if (!io::is_temporary(name) || foreign_files().contains(name)) continue;
    const std::string begin = name.substr(0, name.rfind(io::temporary_mark));
    files.rename(io::join_path(directory, name),
                 io::join_path(directory, begin + ".cairn-tmp-999999999" + name.substr(name.rfind('-'))));
  }
}

}  // namespace cairn::test
