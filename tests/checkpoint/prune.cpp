// Deleting what a manager would not keep, where none is at work.
#include <cairn/checkpoint/prune.hpp>

#include <cairn/checkpoint/manager.hpp>

#include <doctest/doctest.h>

#include "checkpoint/states.hpp"

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

struct Training {
  io::MemoryFileSystem files;
  double now = 1'000'000;
  std::int64_t step = 0;
  CheckpointIn checkpoint{files, "step"_a = step};

  void save(int count, CheckpointManagerOptions options = {}) {
    options.clock = [this] { return now += 1800; };
    CheckpointManager<CheckpointIn> manager{checkpoint, "d", options};
    for (int i = 0; i < count; ++i) manager.save();
  }
  [[nodiscard]] std::string state() { return read_file(files, "d/checkpoint"); }
};

}  // namespace

TEST_CASE("a pruned directory is that of a manager that kept no more, byte for byte") {
  Training all, three;
  all.save(6);
  three.save(6, {.max_to_keep = 3});
  const Pruned pruned = prune("d", {.max_to_keep = 3}, all.files);
  CHECK(pruned.deleted == Names{"d/ckpt-1", "d/ckpt-2", "d/ckpt-3"});
  CHECK(pruned.kept == Names{"d/ckpt-4", "d/ckpt-5", "d/ckpt-6"});
  CHECK(pruned.left_alone.empty());
  CHECK(all.files.list_directory("d") == three.files.list_directory("d"));
  CHECK(read_file(all.files, "d/ckpt-6.index") == read_file(three.files, "d/ckpt-6.index"));
  CHECK(prune("d", {.max_to_keep = 3}, all.files).deleted.empty());
}

TEST_CASE("one checkpoint every n hours is preserved for good, and is left alone by the next one") {
  Training training;
  training.save(6);
  const Pruned pruned = prune("d", {.max_to_keep = 1, .keep_checkpoint_every_n_hours = 1}, training.files);
  CHECK(pruned.deleted.size() == 3);
  CHECK(pruned.kept == Names{"d/ckpt-6"});
  CHECK(pruned.left_alone.size() == 2);
  const Pruned again = prune("d", {.max_to_keep = 1}, training.files);
  CHECK(again.deleted.empty());
  for (const std::string& path : pruned.left_alone) CHECK(training.files.exists(path + ".index"));
}

TEST_CASE("a dry run tells the same and changes nothing") {
  Training training;
  training.save(4);
  const std::string state = training.state();
  const Names files = training.files.list_directory("d");
  const Pruned dry = prune("d", {.max_to_keep = 1, .dry_run = true}, training.files);
  CHECK(training.state() == state);
  CHECK(training.files.list_directory("d") == files);
  const Pruned pruned = prune("d", {.max_to_keep = 1}, training.files);
  CHECK(dry.deleted == pruned.deleted);
  CHECK(dry.kept == pruned.kept);
}

TEST_CASE("the latest stays, also when it is not the newest of the list") {
  Training training;
  training.save(3);
  change_file(training.files, "d/checkpoint",
              [](std::string& text) { text.replace(text.find("ckpt-3"), 6, "ckpt-1"); });
  const Pruned pruned = prune("d", {.max_to_keep = 1}, training.files);
  CHECK(pruned.deleted == Names{"d/ckpt-2"});
  CHECK(pruned.kept == Names{"d/ckpt-1", "d/ckpt-3"});
  CHECK(training.files.exists("d/ckpt-1.index"));
  CHECK(training.state().starts_with("model_checkpoint_path: \"ckpt-1\""));
}

TEST_CASE("checkpoints that no manager saved are left alone, and a directory without any is an error") {
  Training training;
  training.save(2);
  change_file(training.files, "d/checkpoint", [](std::string& text) {
    text =
        "model_checkpoint_path: \"ckpt-2\"\n"
        "all_model_checkpoint_paths: \"ckpt-1\"\nall_model_checkpoint_paths: \"ckpt-2\"\n";
  });
  const Pruned pruned = prune("d", {.max_to_keep = 1}, training.files);
  CHECK(pruned.deleted.empty());
  CHECK(pruned.left_alone == Names{"d/ckpt-1", "d/ckpt-2"});
  CHECK(training.files.exists("d/ckpt-1.index"));
  CHECK_THROWS_WITH(static_cast<void>(prune("elsewhere", {.max_to_keep = 1}, training.files)),
                    doctest::Contains("has no file `checkpoint`"));
  CHECK_THROWS_WITH(static_cast<void>(prune("d", {.max_to_keep = 0}, training.files)),
                    doctest::Contains("must be at least 1"));
}

TEST_CASE("while another process saves to the directory nothing is pruned") {
  Training training;
  training.save(3);
  const auto held = training.files.lock("d/.cairn-lock", "process 1 on another since today\n");
  CHECK_THROWS_WITH(static_cast<void>(prune("d", {.max_to_keep = 1}, training.files)),
                    doctest::Contains("is another CheckpointManager's: process 1"));
  CHECK(training.files.exists("d/ckpt-1.index"));
  CHECK(prune("d", {.max_to_keep = 1, .dry_run = true}, training.files).deleted.size() == 2);
}
