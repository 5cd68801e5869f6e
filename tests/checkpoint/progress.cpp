// Saves and restores that are watched and stopped.
#include <cairn/checkpoint/manager.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "checkpoint/states.hpp"
#include "support/stopping.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

struct Model {
  std::vector<float> weights = std::vector<float>(600'000, 1.5F);  // five pieces
  std::vector<std::string> notes{"a", "bcd"};
  std::int64_t step = 7;
  friend bool operator==(const Model&, const Model&) = default;
};
constexpr std::uint64_t bytes_of_weights = 2'400'000;

// More bytes of other values than a restore keeps.
std::vector<double> many_numbers(double value) { return std::vector<double>(std::size_t{1} << 20, value); }

}  // namespace

TEST_CASE("a save that is stopped leaves no file, and the counter as it was") {
  cairn::testing::MemoryFileSystem memory;
  memory.create_directories("d");
  Model model;
  CheckpointIn checkpoint(memory, model);
  checkpoint.save("d/ckpt");
  for (const bool incremental : {false, false, true, true}) {  // the second plans nothing anew
    const std::int64_t counter = checkpoint.save_counter();
    const std::vector<Told> told = stopped_everywhere(
        memory, "d",
        [&](const ProgressCallback& progress, const StopRequest& stop) {
          checkpoint.save("d/ckpt", {.threads = 1, .incremental = incremental, .progress = progress, .stop = stop});
        },
        [&] { return checkpoint.save_counter() == counter; });
    CHECK(checkpoint.save_counter() == counter + 1);
    CHECK(told.back().what == "saving \"d/ckpt-" + std::to_string(counter + 1) + "\"");
    if (counter < 3 || !incremental) CHECK(told.back().bytes_in_all > bytes_of_weights);
    Model restored{{}, {}, 0};
    CheckpointIn(memory, restored).restore("d/ckpt-" + std::to_string(counter + 1)).assert_consumed();
    CHECK(restored == model);
  }
}

TEST_CASE("what a save is told in advance is the number of bytes of its data files") {
  cairn::testing::MemoryFileSystem memory;
  Model model;
  CheckpointIn checkpoint(memory, model);
  Progress last;
  checkpoint.write("one", {.progress = [&](const Progress& now) { last = now; }});
  CHECK(last.bytes_in_all == memory.open("one.data-00000-of-00001")->size());
  std::uint64_t first = 0;
  checkpoint.write("cut", {.shard_size = 1'000'000, .progress = [&](const Progress& now) {
                             if (now.bytes_done == 0) first = now.bytes_in_all;
                           }});
  std::uint64_t sum = 0;
  for (const std::string& name : memory.list_directory("."))
    if (name.starts_with("cut.data")) sum += memory.open(name)->size();
  CHECK(first == sum);
}

TEST_CASE("a write over a checkpoint that is stopped leaves the old one") {
  cairn::testing::MemoryFileSystem memory;
  memory.create_directories("d");
  std::vector<float> state(200'000, 1);
  CheckpointIn checkpoint(memory, state);
  checkpoint.write("d/ckpt");
  state.assign(state.size(), 2);
  stopped_everywhere(memory, "d", [&](const ProgressCallback& progress, const StopRequest& stop) {
    checkpoint.write("d/ckpt", {.shard_size = 300'000, .progress = progress, .stop = stop});
  });
  std::vector<float> restored;
  CheckpointIn(memory, restored).read("d/ckpt").assert_consumed();
  CHECK(restored == state);
}

TEST_CASE("a save in the background is stopped as one in the foreground, and tells the progress in its own thread") {
  cairn::testing::MemoryFileSystem memory;
  memory.create_directories("d");
  Model model;
  CheckpointIn checkpoint(memory, model);
  bool is_elsewhere = true;
  stopped_everywhere(memory, "d", [&](const ProgressCallback& progress, const StopRequest& stop) {
    const auto listen = [progress, &is_elsewhere, here = std::this_thread::get_id()](const Progress& now) {
      is_elsewhere = is_elsewhere && std::this_thread::get_id() != here;
      progress(now);
    };
    checkpoint.write("d/ckpt", {.enable_async = true, .progress = listen, .stop = stop});
    checkpoint.sync();
  });
  CHECK(is_elsewhere);
  Model restored{{}, {}, 0};
  CheckpointIn(memory, restored).read("d/ckpt").assert_consumed();
  CHECK(restored == model);
}

TEST_CASE("a manager's save that is stopped is in no list") {
  cairn::testing::MemoryFileSystem memory;
  Model model;
  CheckpointIn checkpoint(memory, model);
  CheckpointManager<CheckpointIn> manager(checkpoint, "d", {.max_to_keep = 2});
  manager.save();
  std::stop_source stop;
  stop.request_stop();
  CHECK(code_of([&] { manager.save({.stop = stop.get_token()}); }) == ErrorCode::cancelled);
  CHECK(manager.checkpoints() == std::vector<std::string>{"d/ckpt-1"});
  CHECK(manager.save({.stop = std::stop_token()}) == "d/ckpt-2");
}

TEST_CASE("a restore that is stopped has changed nothing") {
  cairn::testing::MemoryFileSystem memory;
  memory.create_directories("d");
  Model model;
  CheckpointIn(memory, model).write("d/ckpt");
  for (const std::size_t threads : {std::size_t{1}, std::size_t{2}}) {
    Model other{std::vector<float>(600'000), {"x"}, 1};
    const Model before = other;
    CheckpointIn checkpoint(memory, other);
    const std::vector<Told> told = stopped_everywhere(
        memory, "d",
        [&](const ProgressCallback& progress, const StopRequest& stop) {
          checkpoint.read("d/ckpt", {.threads = threads, .progress = progress, .stop = stop}).assert_consumed();
        },
        [&] { return other == before; });
    CHECK(other == model);
    CHECK(told.back().what == "restoring \"d/ckpt\"");
    CHECK(told.back().bytes_in_all > bytes_of_weights);
  }
}

TEST_CASE("a large restore is stopped as long as all that it has changed can be given back, and completed after that") {
  cairn::testing::MemoryFileSystem memory;
  memory.create_directories("d");
  std::vector<double> saved = many_numbers(1);
  CheckpointIn(memory, saved).write("d/ckpt");
  const std::uint64_t bytes = saved.size() * sizeof(double);
  for (const double there : {0.0, 2.0}) {
    std::vector<double> values = many_numbers(there);
    CheckpointIn checkpoint(memory, values);
    const std::vector<Told> told = stopped_everywhere(
        memory, "d",
        [&](const ProgressCallback& progress, const StopRequest& stop) {
          checkpoint.read("d/ckpt", {.threads = 1, .progress = progress, .stop = stop}).assert_consumed();
        },
        [&] { return std::ranges::count(values, there) == std::ptrdiff_t{1} << 20; });
    CHECK(values == saved);
    // Over zeros everything is read once, over other values some of it twice.
    CHECK((told.back().bytes_in_all >= 2 * bytes) == (there != 0));
    CHECK(told.front().bytes_in_all < bytes + 1000);
  }
}

TEST_CASE("an exception of the progress ends a save and a restore, and goes to the caller") {
  cairn::testing::MemoryFileSystem memory;
  memory.create_directories("d");
  std::vector<float> values(1000, 1);
  CheckpointIn checkpoint(memory, values);
  const auto refuse = [](const Progress&) { throw std::runtime_error("no"); };
  CHECK_THROWS_AS(checkpoint.write("d/ckpt", {.progress = refuse}), std::runtime_error);
  CHECK(memory.list_directory("d").empty());
  checkpoint.write("d/ckpt");
  values.assign(1000, 2);
  CHECK_THROWS_AS((void)checkpoint.read("d/ckpt", {.progress = refuse}), std::runtime_error);
  CHECK(values == std::vector<float>(1000, 2));
}

TEST_CASE("a restore that waits for an object goes on reading when its progress is told") {
  cairn::testing::MemoryFileSystem memory;
  std::vector<float> first(10, 1), second(10, 2);
  {
    CheckpointIn both(memory, Named<"first", std::vector<float>>{&first}, Named<"second", std::vector<float>>{&second});
    both.write("ckpt");
  }
  second.assign(10, 0);
  CheckpointIn checkpoint(memory, Named<"first", std::vector<float>>{&first});
  int calls = 0;
  std::stop_source stop;
  (void)checkpoint.read("ckpt", {.progress = [&](const Progress&) { ++calls; }, .stop = stop.get_token()});
  stop.request_stop();
  const int before = calls;
  checkpoint.track("second", second);
  CHECK(second == std::vector<float>(10, 2));
  CHECK(calls == before);
}
