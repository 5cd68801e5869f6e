// A manager's directory over its life: numbers, what is kept, what is deleted, what a new process finds.
#include <cairn/checkpoint/manager.hpp>

#include <doctest/doctest.h>

#include "checkpoint/states.hpp"

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

struct World {
  cairn::testing::MemoryFileSystem files;
  double now = 1'000'000;
  std::int64_t step = 0;
  float value = 0;
  CheckpointIn checkpoint{files, "step"_a = step, "value"_a = value};

  [[nodiscard]] CheckpointManager<CheckpointIn> manager(CheckpointManagerOptions options = {}) {
    options.clock = [this] { return now; };
    return {checkpoint, "d", std::move(options)};
  }
  [[nodiscard]] Names indexes() {
    Names names;
    for (const auto& name : files.list_directory("d"))
      if (name.ends_with(".index")) names.push_back(name);
    return names;
  }
  // A process that starts anew.
  void begin_again() {
    value = 0;
    step = 0;
    checkpoint = CheckpointIn(files, "step"_a = step, "value"_a = value);
  }
};
using Manager = CheckpointManager<CheckpointIn>;

}  // namespace

TEST_CASE("the first save makes the directory and ckpt-1; reading a directory that is not there makes nothing") {
  World world;
  auto manager = world.manager();
  CHECK_FALSE(world.files.exists("d"));
  CHECK(manager.latest_checkpoint() == std::nullopt);
  CHECK(manager.save() == "d/ckpt-1");
  CHECK(manager.latest_checkpoint() == "d/ckpt-1");
  CHECK(manager.checkpoints() == Names{"d/ckpt-1"});
  CHECK(read_file(world.files, "d/checkpoint").starts_with("model_checkpoint_path: \"ckpt-1\"\n"));
}

TEST_CASE("max_to_keep 3 of 5 keeps the last three, 1 keeps one, without it all stay") {
  for (const std::int64_t keep : {1, 3}) {
    World world;
    auto manager = world.manager({.max_to_keep = keep});
    for (int i = 0; i < 5; ++i) manager.save();
    CHECK(manager.checkpoints().size() == static_cast<std::size_t>(keep));
    CHECK(world.indexes() ==
          (keep == 1 ? Names{"ckpt-5.index"} : Names{"ckpt-3.index", "ckpt-4.index", "ckpt-5.index"}));
    CHECK(world.files.list_directory("d").size() == static_cast<std::size_t>(2 * keep + 2));  // and the lock
  }
  World world;
  auto manager = world.manager();
  for (int i = 0; i < 5; ++i) manager.save();
  CHECK(world.indexes().size() == 5);
}

TEST_CASE("a save takes its options alone, a number alone, or each argument by TensorFlow's name") {
  World world;
  auto manager = world.manager({.step_counter = world.step, .checkpoint_interval = 10});
  std::string complete;
  CHECK(manager.save({.write_callbacks = {[&](const std::string& path) { complete = path; }}}) == "d/ckpt-1");
  CHECK(complete == "d/ckpt-1");
  world.step = 5;
  CHECK(manager.save({.durability = Durability::none}) == std::nullopt);
  CHECK(manager.save(7) == std::nullopt);
  CHECK(manager.save({.checkpoint_number = 7, .check_interval = false}) == "d/ckpt-7");
  world.step = 6;
  CHECK(manager.save({.check_interval = false, .options = {.enable_async = true}}) == "d/ckpt-8");
  world.step = 7;
  CHECK(manager.save(9, false, {.durability = Durability::none}) == "d/ckpt-9");  // TensorFlow's order, without names
  world.step = 20;
  CHECK(manager.save(20) == "d/ckpt-20");
  world.step = 30;
  CHECK(manager.save({}) == "d/ckpt-21");
}

TEST_CASE("a manager restores the latest checkpoint with options alone") {
  World world;
  auto manager = world.manager();
  world.value = 3;
  manager.save();
  world.value = 4;
  manager.restore({.rename = {{"value", "step"}, {"step", "value"}}, .on_mismatch = OnMismatch::skip}).expect_partial();
  CHECK(world.value == 4);
  manager.restore({.cast = Cast::widen}).assert_consumed();
  CHECK(world.value == 3);
}

TEST_CASE("a smaller max_to_keep deletes nothing before the next save") {
  World world;
  auto all = world.manager();
  for (int i = 0; i < 4; ++i) {
    all.save();
    world.now += 1;
  }
  auto three = world.manager({.max_to_keep = 3});
  CHECK(three.checkpoints().size() == 4);
  CHECK(world.indexes().size() == 4);
  three.save();
  CHECK(three.checkpoints() == Names{"d/ckpt-3", "d/ckpt-4", "d/ckpt-5"});
  CHECK(world.indexes().size() == 3);
}

TEST_CASE("options that cannot be meant are refused") {
  World world;
  for (const std::int64_t keep : {0, -1})
    CHECK(code_of([&] { (void)world.manager({.max_to_keep = keep}); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)world.manager({.checkpoint_interval = 2}); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)world.manager({.checkpoint_name = "a/b"}); }) == ErrorCode::invalid_argument);
}

TEST_CASE("a reopened directory goes on with the number and the list") {
  World world;
  {
    auto manager = world.manager({.max_to_keep = 2});
    for (int i = 0; i < 3; ++i) {
      world.value = static_cast<float>(i);
      manager.save();
      world.now += 1;
    }
  }
  world.begin_again();
  auto manager = world.manager({.max_to_keep = 2});
  CHECK(manager.latest_checkpoint() == "d/ckpt-3");
  CHECK(manager.checkpoints() == Names{"d/ckpt-2", "d/ckpt-3"});
  CHECK(manager.restore_or_initialize() == "d/ckpt-3");
  CHECK(world.value == 2);
  CHECK(manager.save() == "d/ckpt-4");
  CHECK(manager.checkpoints() == Names{"d/ckpt-3", "d/ckpt-4"});
}

TEST_CASE("a new process that saves without restoring writes over nothing and renumbers nothing") {
  World world;
  {
    auto manager = world.manager();
    for (int i = 0; i < 3; ++i) manager.save();
  }
  const std::string third = read_file(world.files, "d/ckpt-3.index");
  world.begin_again();
  auto manager = world.manager();
  CHECK(manager.save() == "d/ckpt-4");
  CHECK(manager.save() == "d/ckpt-5");
  CHECK(world.indexes().size() == 5);
  CHECK(read_file(world.files, "d/ckpt-3.index") == third);
  world.begin_again();
  CHECK(world.checkpoint.save("d/ckpt") == "d/ckpt-6");  // without a manager, too
}

TEST_CASE("files of a checkpoint that never became complete are not written over either") {
  World world;
  world.files.create_directory("d");
  write_file(world.files, "d/ckpt-7.data-00000-of-00001", "half");
  CHECK(world.manager().save() == "d/ckpt-8");
}

TEST_CASE("restoring an older checkpoint and saving leaves the newer ones") {
  World world;
  auto manager = world.manager();
  for (int i = 0; i < 3; ++i) manager.save();
  (void)manager.restore("d/ckpt-1");
  CHECK(world.checkpoint.save_counter() == 1);
  CHECK(manager.save() == "d/ckpt-4");
  CHECK(world.indexes().size() == 4);
}

TEST_CASE("a checkpoint deleted by hand disturbs nothing") {
  World world;
  auto manager = world.manager({.max_to_keep = 2});
  manager.save();
  manager.save();
  for (const auto& name : {"d/ckpt-1.index", "d/ckpt-1.data-00000-of-00001"}) world.files.remove(name);
  CHECK(manager.save() == "d/ckpt-3");
  CHECK(manager.save() == "d/ckpt-4");
  CHECK(manager.checkpoints() == Names{"d/ckpt-3", "d/ckpt-4"});
  world.files.remove("d/ckpt-4.index");
  CHECK(code_of([&] { (void)manager.restore(); }) == ErrorCode::not_found);
  CHECK(code_of([&] { (void)manager.restore_or_initialize(); }) == ErrorCode::not_found);
}

TEST_CASE("a damaged state file is an error at opening, and is left as it is") {
  for (const std::string text : {"", "model_checkpoint_path: ", "nonsense", "unknown_field: 1", "\xff\xfe\n",
                                 "all_model_checkpoint_paths: \"ckpt-1\"\n"}) {
    CAPTURE(text);
    World world;
    world.files.create_directory("d");
    write_file(world.files, "d/checkpoint", text);
    CHECK(code_of([&] { (void)world.manager(); }) == ErrorCode::data_loss);
    CHECK(read_file(world.files, "d/checkpoint") == text);
  }
}

TEST_CASE("files that a state without timestamps names are never deleted, and the numbers go on") {
  World world;
  const std::string first = world.checkpoint.save("d/ckpt");
  const std::string second = world.checkpoint.save("d/ckpt");
  write_file(world.files, "d/checkpoint",
             "model_checkpoint_path: \"ckpt-2\"\nall_model_checkpoint_paths: \"ckpt-1\"\n"
             "all_model_checkpoint_paths: \"ckpt-2\"\n");
  world.begin_again();
  auto manager = world.manager({.max_to_keep = 1});
  CHECK(manager.latest_checkpoint() == second);
  CHECK(manager.checkpoints().empty());
  CHECK(manager.restore_or_initialize() == second);
  CHECK(manager.save() == "d/ckpt-3");
  CHECK(manager.save() == "d/ckpt-4");
  CHECK(world.indexes() == Names{"ckpt-1.index", "ckpt-2.index", "ckpt-4.index"});
}

TEST_CASE("a clock that goes back leaves older files alone") {
  World world;
  {
    auto manager = world.manager({.max_to_keep = 1});
    manager.save();
  }
  world.now -= 1000;
  auto manager = world.manager({.max_to_keep = 1});
  manager.save();
  world.now += 1;
  manager.save();
  CHECK(world.indexes() == Names{"ckpt-1.index", "ckpt-3.index"});
}

TEST_CASE("a number that is given names the files; the counter counts on") {
  World world;
  auto manager = world.manager({.max_to_keep = 2});
  CHECK(manager.save(50) == "d/ckpt-50");
  CHECK(world.checkpoint.save_counter() == 1);
  CHECK(manager.save(10) == "d/ckpt-10");
  world.value = 9;
  CHECK(manager.save(50) == "d/ckpt-50");  // replaces, and is the newest now
  CHECK(manager.checkpoints() == Names{"d/ckpt-10", "d/ckpt-50"});
  world.value = 0;
  (void)manager.restore("d/ckpt-50");
  CHECK(world.value == 9);
  CHECK(world.checkpoint.save_counter() == 3);
  CHECK(manager.save() == "d/ckpt-51");
}

TEST_CASE("an interval saves at its steps, the same step never twice, and skipping changes nothing") {
  World world;
  auto manager = world.manager({.step_counter = world.step, .checkpoint_interval = 2});
  CHECK(manager.save() == "d/ckpt-1");
  CHECK(manager.save() == std::nullopt);
  CHECK(manager.save({.check_interval = false}) == std::nullopt);
  world.step = 1;
  CHECK(manager.save() == std::nullopt);
  CHECK(world.checkpoint.save_counter() == 1);
  CHECK(manager.save({.check_interval = false}) == "d/ckpt-2");
  world.step = 2;
  CHECK(manager.save() == std::nullopt);
  world.step = 3;
  CHECK(manager.save() == "d/ckpt-3");
  world.step = 1;
  CHECK(manager.save() == std::nullopt);
}

TEST_CASE("an interval begins at the step that was restored, or at the one that is given") {
  World world;
  {
    auto manager = world.manager();
    world.step = 10;
    manager.save();
  }
  world.begin_again();
  auto manager = world.manager({.step_counter = world.step, .checkpoint_interval = 2});
  manager.restore_or_initialize();
  CHECK(world.step == 10);
  CHECK(manager.save() == std::nullopt);
  world.step = 12;
  CHECK(manager.save() == "d/ckpt-2");
  auto given = world.manager({.step_counter = world.step, .checkpoint_interval = 2, .last_checkpoint_step = 11});
  CHECK(given.save() == std::nullopt);
  world.step = 13;
  CHECK(given.save() == "d/ckpt-3");
}

TEST_CASE("init_fn runs only when there is nothing to restore") {
  World world;
  int calls = 0;
  const auto open = [&] { return world.manager({.init_fn = [&] { ++calls; }}); };
  CHECK(open().restore_or_initialize() == std::nullopt);
  CHECK(calls == 1);
  open().save();
  CHECK(open().restore_or_initialize() == "d/ckpt-1");
  CHECK(calls == 1);
  World empty;
  CHECK(empty.manager().restore_or_initialize() == std::nullopt);
}

TEST_CASE("one checkpoint every n hours is preserved for good, as TensorFlow's trace has it") {
  World world;
  auto manager = world.manager({.max_to_keep = 2, .keep_checkpoint_every_n_hours = 1});
  for (int i = 0; i < 9; ++i) {
    manager.save();
    world.now += 1800;
  }
  // Every half hour; an hour between what is preserved.
  CHECK(world.indexes() == Names{"ckpt-3.index", "ckpt-5.index", "ckpt-7.index", "ckpt-8.index", "ckpt-9.index"});
  CHECK(manager.checkpoints() == Names{"d/ckpt-8", "d/ckpt-9"});
  auto again = world.manager({.max_to_keep = 2, .keep_checkpoint_every_n_hours = 1});
  again.save();
  again.save();
  CHECK(world.indexes().size() == 6);  // 9 is preserved, 8 gone
}

TEST_CASE("a name of one's own, with spaces and glob characters, touches no lookalike") {
  World world;
  world.files.create_directory("d");
  for (const auto& name : {"d/cXX-1.index", "d/c*-1.index.old", "d/c*-1.data-00000-of-0000X", "d/xc*-1.index"})
    write_file(world.files, name, "mine");
  auto manager = world.manager({.max_to_keep = 1, .checkpoint_name = "c*"});
  CHECK(manager.save() == "d/c*-2");
  CHECK(manager.save() == "d/c*-3");
  CHECK(manager.save() == "d/c*-4");
  CHECK(world.indexes() == Names{"c*-4.index", "cXX-1.index", "xc*-1.index"});
  auto spaces = world.manager({.max_to_keep = 1, .checkpoint_name = "my [best] model?"});
  spaces.save();
  CHECK(spaces.save() == "d/my [best] model?-6");
  CHECK(world.manager().latest_checkpoint() == "d/my [best] model?-6");
}

TEST_CASE("ckpt-1 is deleted without ckpt-10 and ckpt-1-1") {
  World world;
  auto manager = world.manager({.max_to_keep = 1});
  world.files.create_directory("d");
  world.checkpoint.write("d/ckpt-10");
  world.checkpoint.write("d/ckpt-1-1");
  manager.save(1);
  manager.save(2);
  CHECK(world.indexes() == Names{"ckpt-1-1.index", "ckpt-10.index", "ckpt-2.index"});
}

TEST_CASE("two managers: the last one's state counts, and each deletes only what it knows") {
  World world;
  auto one = world.manager({.max_to_keep = 1});
  auto two = world.manager({.max_to_keep = 1});
  one.save();
  two.save();
  one.save();
  CHECK(world.indexes() == Names{"ckpt-2.index", "ckpt-3.index"});
  CHECK(world.manager().latest_checkpoint() == "d/ckpt-3");
}

TEST_CASE("a path that a state file names twice is not deleted while it is kept") {
  World world;
  world.checkpoint.save("d/ckpt");
  world.checkpoint.save("d/ckpt");
  write_file(world.files, "d/checkpoint",
             "model_checkpoint_path: \"ckpt-2\"\nall_model_checkpoint_paths: [\"ckpt-1\", \"ckpt-2\", \"ckpt-1\"]\n"
             "all_model_checkpoint_timestamps: [10, 20, 30]\nlast_preserved_timestamp: 1\n");
  auto manager = world.manager({.max_to_keep = 2});
  manager.save();
  for (const auto& path : manager.checkpoints()) CHECK(world.files.exists(path + ".index"));
}

TEST_CASE("callbacks run after the files are complete; one that throws leaves the state file as it was") {
  World world;
  auto manager = world.manager();
  manager.save();
  const std::string state = read_file(world.files, "d/checkpoint");
  Names seen;
  CheckpointOptions options;
  options.write_callbacks = {[&](const std::string& path) { seen.push_back(path); }, [] { throw 7; }};
  CHECK_THROWS_AS(manager.save(options), int);
  CHECK(seen == Names{"d/ckpt-2"});
  CHECK(world.files.exists("d/ckpt-2.index"));
  CHECK(read_file(world.files, "d/checkpoint") == state);
  CHECK(manager.checkpoints() == Names{"d/ckpt-1"});
  CHECK(manager.save() == "d/ckpt-3");
}
