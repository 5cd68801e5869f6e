// Deleting what a manager would not keep, where none is at work.
#include <cairn/checkpoint/prune.hpp>

#include <doctest/doctest.h>

#include <cairn/io/native.hpp>

#include "checkpoint/managed_training.hpp"

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

struct Training : ManagedTraining {
  void save_with_losses(const std::vector<double>& losses, KeepBest best, std::optional<std::int64_t> keep = {}) {
    std::size_t next = 0;
    best.metric = [&] { return losses[next++]; };
    save(static_cast<int>(losses.size()), {.max_to_keep = keep, .keep_best = best});
  }
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

TEST_CASE("the best by a manager's keep_best stay, and others where that is asked for") {
  const auto trained = [](Training& training, BestMode mode = BestMode::min) {
    training.save_with_losses({5, 1, 4, 2, 3}, {.count = 2, .metric = {}, .mode = mode});
  };
  Training all, few;
  trained(all);
  few.save_with_losses({5, 1, 4, 2, 3}, {.count = 2, .metric = {}}, 1);
  Pruned pruned = prune("d", {.max_to_keep = 1}, all.files);
  CHECK(pruned.kept == Names{"d/ckpt-2", "d/ckpt-4", "d/ckpt-5"});
  CHECK(pruned.best == Names{"d/ckpt-2", "d/ckpt-4"});
  CHECK(all.state() == few.state());
  CHECK(all.files.list_directory("d") == few.files.list_directory("d"));
  CHECK(prune("d", {.max_to_keep = 1, .keep_best = 1}, all.files).kept == Names{"d/ckpt-2", "d/ckpt-5"});
  CHECK(all.state().find("# cairn: keep_best 2 min\n") != std::string::npos);  // it is the manager's to change
  CHECK(prune("d", {.max_to_keep = 1, .keep_best = 0}, all.files).kept == Names{"d/ckpt-5"});

  Training largest;
  trained(largest, BestMode::max);
  CHECK(
      prune("d", {.max_to_keep = 1, .dry_run = true, .keep_best = 1, .best_mode = BestMode::min}, largest.files).kept ==
      Names{"d/ckpt-2", "d/ckpt-5"});
  CHECK(prune("d", {.max_to_keep = 1}, largest.files).kept == Names{"d/ckpt-1", "d/ckpt-3", "d/ckpt-5"});
}

TEST_CASE("metrics without the rule, as older files have them, keep the smallest and the largest") {
  Training training;
  training.save_with_losses({5, 1, 9, 2, 3}, {.count = 1, .metric = {}});
  change_file(training.files, "d/checkpoint",
              [](std::string& text) { text.erase(text.find("# cairn: keep_best"), 25); });
  CHECK(prune("d", {.max_to_keep = 1}, training.files).kept == Names{"d/ckpt-2", "d/ckpt-3", "d/ckpt-5"});
}

TEST_CASE("a rule that cannot be followed is refused") {
  Training training;
  training.save(3);
  CHECK_THROWS_WITH(static_cast<void>(prune("d", {.keep_best = 1}, training.files)),
                    doctest::Contains("notes no metric of any checkpoint"));
  CHECK_THROWS_WITH(static_cast<void>(prune("d", {.keep_best = -1}, training.files)),
                    doctest::Contains("keep_best is -1"));
  CHECK_THROWS_WITH(static_cast<void>(prune("d", {.keep_checkpoint_every_n_hours = 1, .saver = true}, training.files)),
                    doctest::Contains("no timestamps"));
  CHECK(training.files.exists("d/ckpt-1.index"));
}

TEST_CASE("what tf.train.Saver saved is pruned when that is asked for, with its .meta files, and stays a Saver's") {
  Training training;
  training.save(3);
  for (const char* const name : {"d/ckpt-1.meta", "d/ckpt-3.meta", "d/ckpt-12.meta"})
    write_file(training.files, name, "graph");
  const std::string begin = "model_checkpoint_path: \"ckpt-3\"\n", end = "all_model_checkpoint_paths: \"ckpt-3\"\n";
  change_file(training.files, "d/checkpoint", [&](std::string& text) {
    text = begin + "all_model_checkpoint_paths: \"ckpt-1\"\nall_model_checkpoint_paths: \"ckpt-2\"\n" + end;
  });
  CHECK(prune("d", {.dry_run = true, .saver = true}, training.files).deleted == Names{"d/ckpt-1", "d/ckpt-2"});
  const Pruned pruned = prune("d", {.saver = true}, training.files);
  CHECK(pruned.deleted == Names{"d/ckpt-1", "d/ckpt-2"});
  CHECK(pruned.kept == Names{"d/ckpt-3"});
  CHECK(training.state() == begin + end);
  CHECK(training.files.list_directory("d") ==
        Names{"checkpoint", "ckpt-12.meta", "ckpt-3.data-00000-of-00001", "ckpt-3.index", "ckpt-3.meta"});
}

TEST_CASE("what the file `checkpoint` names and is not there is told as missing") {
  Training training;
  training.save(3);
  bundle::remove_checkpoint("d/ckpt-2", training.files);
  const Pruned pruned = prune("d", {.max_to_keep = 2}, training.files);
  CHECK(pruned.missing == Names{"d/ckpt-2"});
  CHECK(pruned.kept == Names{"d/ckpt-1", "d/ckpt-3"});
  CHECK(pruned.left_alone.empty());
}

TEST_CASE("a checkpoint of a Saver in format V1 is not pruned, and nothing else is then") {
  Training training;
  training.save(2);
  write_file(training.files, "d/old-1",
             read_file(io::native(), std::string(CAIRN_SOURCE_ROOT) + "/tests/bundle/format_v1/all"));
  const std::string state =
      "model_checkpoint_path: \"ckpt-2\"\nall_model_checkpoint_paths: \"old-1\"\n"
      "all_model_checkpoint_paths: \"ckpt-1\"\nall_model_checkpoint_paths: \"ckpt-2\"\n";
  change_file(training.files, "d/checkpoint", [&](std::string& text) { text = state; });
  const Names names = training.files.list_directory("d");
  const Error error = error_of([&] { return prune("d", {.max_to_keep = 1, .saver = true}, training.files); });
  CHECK(error.code() == ErrorCode::unimplemented);
  CHECK(error.file() == "d/old-1");
  CHECK(
      std::string(error.what()) ==
      "the checkpoint \"d/old-1\" is of TensorFlow's old format V1, which is read but not pruned; nothing was deleted: "
      "remove what is too old by hand");
  CHECK(training.files.list_directory("d") == names);
  CHECK(training.state() == state);
}
