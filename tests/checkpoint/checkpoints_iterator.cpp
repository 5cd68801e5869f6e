// A range of new checkpoints, with a clock that moves only when somebody sleeps.
#include <cairn/checkpoint/checkpoints_iterator.hpp>

#include <cairn/checkpoint/checkpoint.hpp>

#include <doctest/doctest.h>

#include "support/scratch.hpp"

#include <ranges>
#include <string>
#include <vector>

using namespace cairn::literals;
using Paths = std::vector<std::string>;
static_assert(std::ranges::input_range<cairn::CheckpointsIterator>);

namespace {

// A directory, a program that saves in it, and time.
struct Training {
  cairn::test::ScratchDirectory scratch;
  float value = 0;
  cairn::Checkpoint<cairn::Named<cairn::FixedString("value"), float>> checkpoint{"value"_a = value};
  double now = 1000;
  std::function<void()> while_sleeping = [] {};

  std::string save(const char* name = "ckpt") {
    return checkpoint.save(scratch.path() / name, {.durability = cairn::Durability::none});
  }
  cairn::CheckpointsIterator range(cairn::CheckpointsIteratorOptions options) {
    options.clock = [this] { return now; };
    options.sleep = [this](double seconds) {
      now += seconds;
      while_sleeping();
    };
    return cairn::checkpoints_iterator(scratch.path(), std::move(options));
  }
  Paths all(cairn::CheckpointsIteratorOptions options) {
    Paths paths;
    for (const std::string& path : range(std::move(options))) paths.push_back(path);
    return paths;
  }
};

}  // namespace

TEST_CASE("no checkpoint and no time to wait is an empty range") {
  Training training;
  CHECK(training.all({.timeout = 0}).empty());
  CHECK(training.now == 1000);
}

TEST_CASE("a checkpoint that is there is handed out once") {
  Training training;
  const std::string path = training.save();
  CHECK(training.all({.timeout = 0}) == Paths{path});
}

TEST_CASE("a checkpoint of several data files is handed out once") {
  Training training;
  std::vector<double> large(100);
  training.checkpoint.track("large", large);
  const std::string path = training.checkpoint.save(training.scratch.path() / "ckpt", {.shard_size = 400});
  REQUIRE(std::filesystem::exists(path + ".data-00001-of-00003"));
  CHECK(training.all({.timeout = 0}) == Paths{path});
}

TEST_CASE("what comes while the reader waits is handed out; of several the latest") {
  Training training;
  int sleeps = 0;
  training.while_sleeping = [&] {
    if (++sleeps == 2) training.save();
    if (sleeps == 4) {
      training.save();
      training.save();
    }
  };
  const std::string prefix = (training.scratch.path() / "ckpt").generic_string();
  CHECK(training.all({.timeout = 5}) == Paths{prefix + "-1", prefix + "-3"});
}

TEST_CASE("a wait ends before its timeout when the next look would be after it") {
  Training training;
  CHECK(training.all({.timeout = 0.1}).empty());
  CHECK(training.now == 1000);
  CHECK(training.all({.timeout = 1.5}).empty());
  CHECK(training.now == 1001);
}

TEST_CASE("timeout_fn decides whether a timeout is the end") {
  Training training;
  int calls = 0;
  CHECK(training.all({.timeout = 0.1, .timeout_fn = [&] { return ++calls == 4; }}).empty());
  CHECK(calls == 4);
}

TEST_CASE("timeout_fn is asked after every checkpoint, too") {
  Training training;
  const std::string path = training.save();
  int calls = 0;
  CHECK(training.all({.timeout = 0, .timeout_fn = [&] { return ++calls == 3; }}) == Paths{path});
  CHECK(calls == 3);  // once after the checkpoint, twice after a timeout
}

TEST_CASE("min_interval_secs keeps two checkpoints apart, work of the reader included") {
  Training training;
  training.save();
  std::vector<double> times;
  auto range = training.range({.min_interval_secs = 10, .timeout = 0});
  for (auto at = range.begin(); at != range.end(); ++at) {
    times.push_back(training.now);
    if (times.size() < 3) training.save();
    training.now += 4;
  }
  CHECK(times == std::vector<double>{1000, 1010, 1020});
}
