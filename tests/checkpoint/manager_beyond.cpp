// What a manager does beyond TensorFlow's: the best by a metric, intervals of time, falling back, custom numbers.
#include <cairn/checkpoint/manager.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/faulty_file_system.hpp>

#include "checkpoint/states.hpp"

#include <cerrno>
#include <cmath>
#include <sstream>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

struct World {
  cairn::testing::MemoryFileSystem files;
  double now = 1'000'000;
  std::int64_t step = 0;
  double loss = 0;
  CheckpointIn checkpoint{files, "step"_a = step};

  [[nodiscard]] CheckpointManager<CheckpointIn> manager(CheckpointManagerOptions options = {}) {
    options.clock = [this] { return now; };
    return {checkpoint, "d", std::move(options)};
  }
  // One save after the other, a second apart; the step is the number.
  void save(CheckpointManager<CheckpointIn>& manager, const std::vector<double>& losses) {
    for (const double each : losses) {
      loss = each;
      ++step;
      now += 1;
      CHECK(manager.save().has_value());
    }
  }
  [[nodiscard]] Names indexes() {
    Names names;
    for (const auto& name : files.list_directory("d"))
      if (name.ends_with(".index")) names.push_back(name);
    return names;
  }
  void damage(const std::string& path) {
    change_file(files, path, [](std::string& text) { text.back() = static_cast<char>(text.back() ^ 1); });
  }
};

}  // namespace

TEST_CASE("the best stay beside the newest, the smallest or the largest") {
  for (const BestMode mode : {BestMode::min, BestMode::max}) {
    World world;
    auto manager = world.manager(
        {.max_to_keep = 1, .keep_best = {{.count = 2, .metric = [&] { return world.loss; }, .mode = mode}}});
    CHECK(manager.best_checkpoint() == std::nullopt);
    world.save(manager, {3, 1, 2, 5, 4, std::nan("")});
    const bool smallest = mode == BestMode::min;
    CHECK(manager.checkpoints() ==
          (smallest ? Names{"d/ckpt-2", "d/ckpt-3", "d/ckpt-6"} : Names{"d/ckpt-4", "d/ckpt-5", "d/ckpt-6"}));
    CHECK(manager.best_checkpoint() == (smallest ? "d/ckpt-2" : "d/ckpt-4"));
    CHECK(world.indexes().size() == 3);
    CHECK(manager.latest_checkpoint() == "d/ckpt-6");
  }
}

TEST_CASE("of equals the newer one is the best, and what was the best goes when it is surpassed") {
  World world;
  auto manager = world.manager({.max_to_keep = 1, .keep_best = {{.metric = [&] { return world.loss; }}}});
  world.save(manager, {2, 3, 2, 4});
  CHECK(manager.checkpoints() == Names{"d/ckpt-3", "d/ckpt-4"});
  world.save(manager, {1});
  CHECK(manager.checkpoints() == Names{"d/ckpt-5"});
}

TEST_CASE("a new process knows the metrics of the last one") {
  World world;
  const auto open = [&] {
    return world.manager({.max_to_keep = 2, .keep_best = {{.metric = [&] { return world.loss; }}}});
  };
  {
    auto manager = open();
    world.save(manager, {0.125, 3, 4, 5});
  }
  CHECK(read_file(world.files, "d/checkpoint").find("# cairn: metric \"ckpt-1\" 0.125\n") != std::string::npos);
  auto manager = open();
  CHECK(manager.best_checkpoint() == "d/ckpt-1");
  world.save(manager, {6, 7});
  CHECK(manager.checkpoints() == Names{"d/ckpt-1", "d/ckpt-5", "d/ckpt-6"});
}

TEST_CASE("the best outlives a younger one that is preserved for good, and is still known afterwards") {
  World world;
  const auto open = [&] {
    return world.manager({.max_to_keep = 1, .keep_checkpoint_every_n_hours = 1.0 / 3600, .keep_best = {{.metric = [&] {
                                                                                           return world.loss;
                                                                                         }}}});
  };
  {
    auto manager = open();
    world.save(manager, {0, 1, 2, 3, 4});
    CHECK(manager.checkpoints() == Names{"d/ckpt-1", "d/ckpt-5"});
  }
  CHECK(open().checkpoints() == Names{"d/ckpt-1", "d/ckpt-5"});
  CHECK(open().best_checkpoint() == "d/ckpt-1");
}

TEST_CASE("a program that is once started without keep_best keeps what is noted as the best, and the notes") {
  World world;
  const CheckpointManagerOptions with_best{.max_to_keep = 1, .keep_best = {{.metric = [&] { return world.loss; }}}};
  {
    auto manager = world.manager(with_best);
    world.save(manager, {5, 1, 4});
  }
  {
    auto manager = world.manager({.max_to_keep = 1});
    CHECK(manager.best_checkpoint() == "d/ckpt-2");
    world.save(manager, {0, 0});  // without a metric: they are not compared
    CHECK(manager.checkpoints() == Names{"d/ckpt-2", "d/ckpt-5"});
  }
  auto manager = world.manager(with_best);
  world.save(manager, {3});
  CHECK(manager.checkpoints() == Names{"d/ckpt-2", "d/ckpt-6"});
  world.save(manager, {0.5});
  CHECK(manager.checkpoints() == Names{"d/ckpt-7"});
}

TEST_CASE("notes of a state file that mean nothing do nothing") {
  World world;
  {
    auto manager = world.manager({.max_to_keep = 2});
    world.save(manager, {1, 2, 3});
  }
  change_file(world.files, "d/checkpoint", [](std::string& text) {
    text +=
        "# cairn: metric \"ckpt-3\"\n# cairn: metric ckpt-3 1\n# cairn: deleting \"ckpt-3\" 1\n# cairn: deleting "
        "\"../x\" 7\n# cairn: deleting \"ckpt-2\" -1\n# cairn: deleting \"ckpt-2\" 99999999999999999999\n# cairn:\n"
        "# cairn: \n# cairn: metric \"\\777\" nan\n# cairn: metric \"unfinished";
  });
  auto manager = world.manager({.max_to_keep = 2});
  CHECK(manager.best_checkpoint() == std::nullopt);
  CHECK(manager.checkpoints() == Names{"d/ckpt-2", "d/ckpt-3"});
  world.save(manager, {4});
  CHECK(manager.checkpoints() == Names{"d/ckpt-3", "d/ckpt-4"});
}

TEST_CASE("options beyond TensorFlow's that cannot be meant are refused") {
  World world;
  const auto metric = [] { return 0.0; };
  CHECK(code_of([&] { (void)world.manager({.keep_best = {{.count = 0, .metric = metric}}}); }) ==
        ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)world.manager({.keep_best = KeepBest{}}); }) == ErrorCode::invalid_argument);
  for (const double seconds : {-1.0, std::nan("")})
    CHECK(code_of([&] { (void)world.manager({.save_interval_secs = seconds}); }) == ErrorCode::invalid_argument);
}

TEST_CASE("fall_back and save_on_signal are written, read, compared and copied as bools") {
  for (const bool flag : {false, true}) {
    CheckpointManagerOptions options{.fall_back = flag, .save_on_signal = flag};
    CHECK(options.fall_back == flag);
    const CheckpointManagerOptions copy = options;
    options.fall_back = !flag;
    options.save_on_signal = flag;
    CHECK(options.fall_back != copy.fall_back);
    const bool read = options.save_on_signal;
    CHECK(read == flag);
    if (copy.save_on_signal) CHECK(flag);
  }
}

TEST_CASE("an interval of seconds saves first, then when they have gone by, or when the clock was set back") {
  World world;
  auto manager = world.manager({.save_interval_secs = 10.0});
  CHECK(manager.save() == "d/ckpt-1");
  world.now += 9;
  CHECK(manager.save() == std::nullopt);
  CHECK(world.checkpoint.save_counter() == 1);
  CHECK(manager.save({.check_interval = false}) == "d/ckpt-2");
  world.now += 10;
  CHECK(manager.save() == "d/ckpt-3");
  world.now -= 1;
  CHECK(manager.save() == "d/ckpt-4");
  world.now += 9;
  CHECK(manager.save() == std::nullopt);
}

TEST_CASE("an interval of seconds begins at a restore, and a save that failed does not count") {
  World world;
  world.manager().save();
  auto manager = world.manager({.save_interval_secs = 10.0});
  manager.restore_or_initialize();
  world.now += 9;
  CHECK(manager.save() == std::nullopt);
  world.now += 1;
  CheckpointOptions failing;
  failing.write_callbacks = {[] { throw Error(ErrorCode::unavailable, "no"); }};
  CHECK_THROWS_AS(manager.save(failing), Error);
  CHECK(manager.save() == "d/ckpt-3");
}

TEST_CASE("with both intervals, both must say that it is time") {
  World world;
  auto manager = world.manager({.step_counter = world.step, .checkpoint_interval = 2, .save_interval_secs = 10.0});
  CHECK(manager.save() == "d/ckpt-1");
  world.step = 2;
  CHECK(manager.save() == std::nullopt);
  world.step = 1;
  world.now += 10;
  CHECK(manager.save() == std::nullopt);
  world.step = 2;
  CHECK(manager.save() == "d/ckpt-2");
}

TEST_CASE("a damaged latest is an error, and with fall_back it is reported and the newest good one restored") {
  for (const std::string what : {"bytes", "index", "missing"}) {
    CAPTURE(what);
    World world;
    {
      auto manager = world.manager({.max_to_keep = 3});
      world.save(manager, {1, 2, 3});
    }
    for (const std::string number : {"3", "2"}) {
      if (what == "bytes") world.damage("d/ckpt-" + number + ".data-00000-of-00001");
      if (what == "index") world.damage("d/ckpt-" + number + ".index");
      if (what == "missing") world.files.remove("d/ckpt-" + number + ".index");
    }
    world.step = 0;
    CHECK(code_of([&] { world.manager().restore_or_initialize(); }).has_value());
    CHECK(world.step == 0);

    auto manager = world.manager({.max_to_keep = 3, .fall_back = true});
    CHECK(manager.restore_or_initialize() == "d/ckpt-1");
    CHECK(world.step == 1);
    const FallBackReport& report = manager.fall_back_report();
    REQUIRE(report.damaged.size() == 2);
    CHECK(report.damaged[0].path == "d/ckpt-3");
    CHECK(report.damaged[1].path == "d/ckpt-2");
    CHECK(report.damaged[0].code == (what == "missing" ? ErrorCode::not_found : ErrorCode::data_loss));
    CHECK(report.restored == "d/ckpt-1");
    std::ostringstream text;
    text << report;
    CHECK(text.str().starts_with("2 damaged files; restored d/ckpt-1 instead\n  d/ckpt-3  "));
    CHECK(manager.latest_checkpoint() == "d/ckpt-1");
    CHECK(manager.checkpoints() == Names{"d/ckpt-1"});
    // What is damaged is neither written over nor named again.
    CHECK(manager.save() == "d/ckpt-4");
    CHECK(manager.checkpoints() == Names{"d/ckpt-1", "d/ckpt-4"});
    CHECK(world.files.exists("d/ckpt-3.data-00000-of-00001"));
    CHECK(manager.restore().matched().size() == 2);
    CHECK_FALSE(manager.fall_back_report());
  }
}

TEST_CASE("fall_back finds checkpoints that no state file names any more, when those that it names are damaged") {
  World world;
  {
    auto manager = world.manager();
    world.save(manager, {1, 2, 3});
  }
  world.damage("d/ckpt-3.index");
  write_file(world.files, "d/other-9.index", "not ours");
  for (const std::string state : {"model_checkpoint_path: \"ckpt-3\"\n", "torn sta", ""}) {
    CAPTURE(state);
    world.files.remove("d/checkpoint");
    write_file(world.files, "d/checkpoint", state);
    auto manager = world.manager({.fall_back = true});
    CHECK(manager.restore_or_initialize() == "d/ckpt-2");
    CHECK(manager.fall_back_report().damaged.size() == (state.starts_with("model") ? 1 : 2));
  }
}

TEST_CASE("when no checkpoint is good fall_back throws what was wrong with each, and does not begin anew") {
  World world;
  bool began = false;
  {
    auto manager = world.manager();
    world.save(manager, {1, 2});
  }
  for (const auto* const path : {"d/ckpt-1.index", "d/ckpt-2.index"}) world.damage(path);
  auto manager = world.manager({.init_fn = [&] { began = true; }, .fall_back = true});
  const std::string sentence = sentence_of([&] { manager.restore_or_initialize(); });
  CHECK(sentence.find("2 damaged files; no good checkpoint is left") != std::string::npos);
  CHECK(sentence.find("d/ckpt-1  ") != std::string::npos);
  CHECK_FALSE(began);
  CHECK(world.step == 2);
}

TEST_CASE("with fall_back an empty directory is no damage, and a program that does not fit is not fallen back from") {
  World world;
  bool began = false;
  auto manager = world.manager({.init_fn = [&] { began = true; }, .fall_back = true});
  CHECK(manager.restore_or_initialize() == std::nullopt);
  CHECK(began);
  CHECK_THROWS_AS(manager.restore().assert_consumed(), Error);
  manager.save();
  manager.save();
  std::vector<float> other(3);
  CheckpointIn different(world.files, "step"_a = other);
  CheckpointManager<CheckpointIn> refused(different, "d", {.fall_back = true});
  const Error error = error_of([&] { return refused.restore_or_initialize(); });
  CHECK(error.code() == ErrorCode::invalid_argument);
  CHECK_FALSE(std::string(error.what()).starts_with("no checkpoint in"));
  CHECK(refused.fall_back_report().damaged.empty());
  CHECK(refused.latest_checkpoint() == "d/ckpt-2");
}

TEST_CASE("a machine that has no more files to open is not fallen back from") {
  World world;
  {
    auto manager = world.manager();
    world.save(manager, {1, 2});
  }
  for (std::uint64_t at = 1;; ++at) {
    CAPTURE(at);
    testing::FaultyFileSystem files(world.files, {.at = at, .number = EMFILE});
    std::int64_t step = 0;
    CheckpointIn checkpoint(files, "step"_a = step);
    const auto code = code_of([&] {
      CheckpointManager<CheckpointIn> manager(checkpoint, "d", {.fall_back = true});
      static_cast<void>(manager.restore_or_initialize());
    });
    CHECK((!code || code == ErrorCode::resource_exhausted));
    CHECK(step == (code ? 0 : 2));
    if (files.calls() < at) break;
  }
}

TEST_CASE("a number that is given never writes over a checkpoint that the manager does not keep") {
  World world;
  world.checkpoint.write("d/ckpt-5");
  const std::string index = read_file(world.files, "d/ckpt-5.index");
  auto manager = world.manager({.max_to_keep = 1});
  CHECK(code_of([&] { manager.save(5); }) == ErrorCode::already_exists);
  CHECK(world.checkpoint.save_counter() == 0);
  CHECK(read_file(world.files, "d/ckpt-5.index") == index);
  CHECK(manager.save(7) == "d/ckpt-7");
  CHECK(manager.save(7) == "d/ckpt-7");
  CHECK(manager.save() == "d/ckpt-8");
}

TEST_CASE("a checkpoint that was passed over may be written anew under its number") {
  World world;
  {
    auto manager = world.manager();
    for (const std::int64_t step : {10, 20}) {
      world.step = step;
      manager.save(step);
    }
  }
  world.damage("d/ckpt-20.index");
  auto manager = world.manager({.fall_back = true});
  CHECK(manager.restore_or_initialize() == "d/ckpt-10");
  world.step = 20;
  CHECK(manager.save(20) == "d/ckpt-20");
  world.step = 0;
  CHECK(manager.restore().matched().size() == 2);
  CHECK(world.step == 20);
}
