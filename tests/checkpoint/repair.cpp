// The file `checkpoint`, written anew from what is there and whole.
#include <cairn/checkpoint/repair.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/faulty_file_system.hpp>

#include "checkpoint/managed_training.hpp"

#include <cstdint>
#include <string>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

struct Training : ManagedTraining {
  void damage(const std::string& path) {
    change_file(files, path, [](std::string& text) { text.back() = static_cast<char>(text.back() ^ 1); });
  }
};

}  // namespace

TEST_CASE("a sound file is written as it is, with its timestamps and notes") {
  Training training;
  training.save(3, {.keep_best = {{.metric = [] { return 0.5; }}}});
  const std::string before = training.state();
  const Repaired repaired = repair("d", {}, training.files);
  CHECK(repaired.named == Names{"d/ckpt-1", "d/ckpt-2", "d/ckpt-3"});
  CHECK(repaired.latest == "d/ckpt-3");
  CHECK(training.state() == before);
  change_file(training.files, "d/checkpoint",
              [](std::string& text) { text.replace(text.find("ckpt-3"), 6, "ckpt-1"); });
  CHECK(repair("d", {}, training.files).latest == "d/ckpt-1");  // somebody went back on purpose
}

TEST_CASE("without a file all that is whole is named by its number, and no manager deletes it") {
  Training training;
  training.save(11);
  training.files.remove("d/checkpoint");
  training.damage("d/ckpt-4.data-00000-of-00001");
  training.files.remove("d/ckpt-5.data-00000-of-00001");
  write_file(training.files, "d/ckpt-12.index.cairn-tmp-1-1", "a leftover");
  CHECK(repair("d", {.dry_run = true}, training.files).latest == "d/ckpt-11");
  CHECK_FALSE(training.files.exists("d/checkpoint"));
  const Repaired repaired = repair("d", {}, training.files);
  CHECK(repaired.named == Names{"d/ckpt-1", "d/ckpt-2", "d/ckpt-3", "d/ckpt-6", "d/ckpt-7", "d/ckpt-8", "d/ckpt-9",
                                "d/ckpt-10", "d/ckpt-11"});
  REQUIRE(repaired.damaged.size() == 2);
  CHECK(repaired.damaged[0].path == "d/ckpt-4");
  CHECK(repaired.damaged[0].problem.find("checksum") != std::string::npos);
  CHECK(training.state().starts_with("model_checkpoint_path: \"ckpt-11\"\nall_model_checkpoint_paths: \"ckpt-1\"\n"));
  CHECK(training.state().find("timestamp") == std::string::npos);
  training.save(1, {.max_to_keep = 1});
  CHECK(training.files.exists("d/ckpt-1.index"));
  CHECK_FALSE(training.files.exists("d/.cairn-lock"));
}

TEST_CASE("a file that a half copied directory has: what is missing goes, and what is newer comes behind") {
  Training training;
  training.save(2);
  const std::string early = training.state();
  training.save(2);
  change_file(training.files, "d/checkpoint", [&](std::string& text) { text = early; });
  bundle::remove_checkpoint("d/ckpt-1", training.files);
  const Repaired repaired = repair("d", {}, training.files);
  CHECK(repaired.missing == Names{"d/ckpt-1"});
  CHECK(repaired.named == Names{"d/ckpt-2", "d/ckpt-3", "d/ckpt-4"});
  CHECK(repaired.latest == "d/ckpt-4");
  const auto state = cairn::bundle::detail::read_state(training.files, "d");
  CHECK(state->all_model_checkpoint_timestamps.size() == 3);
  CHECK(state->last_preserved_timestamp > 0);
}

TEST_CASE("older checkpoints that the file does not name are left alone, as those that were preserved") {
  Training training;
  training.save(6, {.max_to_keep = 1, .keep_checkpoint_every_n_hours = 1});
  const std::string before = training.state();
  const Repaired repaired = repair("d", {}, training.files);
  CHECK(repaired.named == Names{"d/ckpt-6"});
  CHECK(repaired.left_alone.size() == 2);
  CHECK(training.state() == before);
}

TEST_CASE("a damaged file is written anew") {
  Training training;
  training.save(2);
  change_file(training.files, "d/checkpoint", [](std::string& text) { text = "model_checkpoint_path: \"ck"; });
  CHECK(repair("d", {}, training.files).latest == "d/ckpt-2");
  CHECK(cairn::bundle::detail::read_state(training.files, "d")->model_checkpoint_path == "d/ckpt-2");
}

TEST_CASE("a file `checkpoint` that the disk does not give at this moment is not taken for a damaged one") {
  int refused = 0;
  for (std::uint64_t at = 1;; ++at) {
    CAPTURE(at);
    Training training;
    training.save(2);
    const std::string before = training.state();
    testing::FaultyFileSystem files(training.files, {.at = at});
    Repaired repaired;
    const auto code = code_of([&] { repaired = repair("d", {}, files); });
    CHECK((!code || code == ErrorCode::unavailable));
    // What cannot be read of a checkpoint is told as its damage.
    CHECK((training.state() == before || !repaired.damaged.empty()));
    if (code) ++refused;
    if (files.calls() < at) break;
  }
  CHECK(refused > 5);
}

TEST_CASE("no directory, nothing that is whole, and a manager at work are errors") {
  Training training;
  CHECK(sentence_of([&] { (void)repair("d", {}, training.files); }) == "there is no directory \"d\"");
  training.save(1);
  {
    const auto held = training.files.lock("d/.cairn-lock", "process 1 on another since today\n");
    CHECK(code_of([&] { (void)repair("d", {}, training.files); }) == ErrorCode::failed_precondition);
    CHECK(repair("d", {.dry_run = true}, training.files).latest == "d/ckpt-1");
  }
  training.damage("d/ckpt-1.data-00000-of-00001");
  CHECK(
      sentence_of([&] { (void)repair("d", {}, training.files); })
          .starts_with("the directory \"d\" has no whole checkpoint that a file `checkpoint` could name; \"d/ckpt-1\" "
                       "is damaged: "));
}
