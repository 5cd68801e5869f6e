// Cases of TensorFlow's checkpoint_management_test.py, with its names; manager.cpp and state_file.cpp have the others.
#include <cairn/checkpoint.hpp>

#include <doctest/doctest.h>

#include "support/scratch.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

using namespace cairn::literals;
using Names = std::vector<std::string>;

TEST_CASE("testNameCollision: a checkpoint called as the state file has other files, and both are read") {
  const cairn::test::ScratchDirectory scratch;
  float v = 1;
  cairn::Checkpoint checkpoint{"v"_a = v};
  const std::string saved = checkpoint.save(scratch.path() / "checkpoint");
  v = 2;
  const std::string written = checkpoint.write(scratch.path() / "checkpoint");
  CHECK(cairn::latest_checkpoint(scratch.path()) == saved);
  checkpoint.read(written).assert_existing_objects_matched();
  CHECK(v == 2);
  checkpoint.restore(saved).assert_consumed();
  CHECK(v == 1);
}

TEST_CASE("testSaveRestoreState: timestamps and preserved checkpoints over three lives of a manager") {
  const cairn::test::ScratchDirectory scratch;
  double now = 3;
  float v = 0;
  cairn::Checkpoint checkpoint{"v"_a = v};
  const auto manager = [&](std::optional<double> hours) {
    return cairn::CheckpointManager(
        checkpoint, scratch.path(),
        {.max_to_keep = 2, .keep_checkpoint_every_n_hours = hours, .clock = [&] { return now; }});
  };
  const auto name = [&](int number) { return (scratch.path() / ("ckpt-" + std::to_string(number))).generic_string(); };
  const auto exist = [&](int last) {
    std::string which;
    for (int number = 1; number <= last; ++number)
      which += std::filesystem::exists(name(number) + ".index") ? '+' : '-';
    return which;
  };
  {
    auto first = manager(std::nullopt);
    now = 10000;
    first.save();
    now += 3610;
    first.save();
    CHECK(cairn::get_checkpoint_state(scratch.path())->all_model_checkpoint_timestamps ==
          std::vector<double>{10000, 13610});
    CHECK(first.checkpoints() == Names{name(1), name(2)});
  }
  {
    auto second = manager(1.5);
    CHECK(second.checkpoints() == Names{name(1), name(2)});
    now += 720;
    second.save();
    CHECK(exist(3) == "+++");  // ckpt-1 is preserved from now on
    CHECK(second.checkpoints() == Names{name(2), name(3)});
    now += 1800;
    second.save();
    CHECK(exist(4) == "+-++");
    now += 1800;
    second.save();
    CHECK(exist(5) == "+--++");
    CHECK(second.checkpoints() == Names{name(4), name(5)});
  }
  auto third = manager(1.5);
  CHECK(third.latest_checkpoint() == name(5));
  now += 720;
  third.save();
  CHECK(exist(6) == "+--+++");  // an hour and a half after ckpt-1, ckpt-4 is preserved
  CHECK(third.checkpoints() == Names{name(5), name(6)});
}

TEST_CASE("testCheckpointExists, testGetCheckpointMtimes: a checkpoint is there when its .index is, sharded or not") {
  const cairn::test::ScratchDirectory scratch;
  std::vector<float> v(100);
  cairn::Checkpoint checkpoint{"v"_a = v};
  auto before = std::filesystem::file_time_type::min();
  for (const std::uint64_t shard_size : {0u, 100u}) {
    const std::string path = checkpoint.save(scratch.path() / "ckpt", {.shard_size = shard_size});
    CHECK(cairn::bundle::checkpoint_exists(path));
    CHECK(cairn::bundle::data_files(path).size() == (shard_size == 0 ? 1 : 5));
    const auto time = std::filesystem::last_write_time(path + ".index");
    CHECK(time >= before);
    before = time;
  }
  CHECK(!cairn::bundle::checkpoint_exists((scratch.path() / "ckpt").generic_string()));
  CHECK(!cairn::bundle::checkpoint_exists((scratch.path() / "ckpt-3").generic_string()));
}

TEST_CASE("testRemoveCheckpoint: removing by prefix takes all data files and the index, and nothing else") {
  const cairn::test::ScratchDirectory scratch;
  std::vector<float> v(100);
  cairn::Checkpoint checkpoint{"v"_a = v};
  const std::string first = checkpoint.save(scratch.path() / "ckpt", {.shard_size = 100});
  const std::string second = checkpoint.save(scratch.path() / "ckpt");
  cairn::bundle::remove_checkpoint(first);
  CHECK(!cairn::bundle::checkpoint_exists(first));
  CHECK(cairn::bundle::data_files(first).empty());
  CHECK_NOTHROW(checkpoint.restore(second).assert_consumed());
}
