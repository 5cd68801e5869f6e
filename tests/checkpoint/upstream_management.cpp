// Cases of TensorFlow's checkpoint_management_test.py, with its names; manager.cpp and state_file.cpp have the others.
#include <cairn/checkpoint.hpp>

#include <doctest/doctest.h>

#include "support/scratch.hpp"

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
  const auto name = [&](int number) { return (scratch.path() / ("ckpt-" + std::to_string(number))).string(); };
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
