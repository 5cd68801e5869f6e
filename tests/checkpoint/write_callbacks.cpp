// Functions that are called after every write.
#include <cairn/checkpoint/checkpoint.hpp>

#include "support/scratch.hpp"

#include <doctest/doctest.h>

#include <cairn/bundle/files.hpp>
#include <cairn/checkpoint/detail/directory/state_file.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace cairn::literals;

TEST_CASE("write callbacks run in their order, with the path or without, once the files are there") {
  cairn::test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "p").generic_string();
  float a = 1;
  cairn::Checkpoint checkpoint{"a"_a = a};
  std::vector<std::string> calls;
  cairn::CheckpointOptions options;
  options.write_callbacks = {[&] { calls.push_back("first"); },
                             [&](const std::string& path) {
                               CHECK(cairn::bundle::checkpoint_exists(path));
                               calls.push_back(path);
                             },
                             [&] { calls.push_back("last"); }};
  checkpoint.write(prefix, options);
  CHECK(calls == std::vector<std::string>{"first", prefix, "last"});
  calls.clear();
  checkpoint.save(prefix, options);
  checkpoint.save(prefix, options);
  CHECK(calls == std::vector<std::string>{"first", prefix + "-1", "last", "first", prefix + "-2", "last"});
}

TEST_CASE("write callbacks run before the state file names the checkpoint; one that throws leaves it as it was") {
  cairn::test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "p").generic_string();
  float a = 1;
  cairn::Checkpoint checkpoint{"a"_a = a};
  const auto latest = [&] { return cairn::latest_checkpoint(scratch.path()); };
  cairn::CheckpointOptions options;
  options.write_callbacks = {[&] { CHECK_FALSE(latest().has_value()); }};
  checkpoint.save(prefix, options);
  CHECK(latest() == prefix + "-1");

  int calls = 0;
  options.write_callbacks = {[&] { ++calls; }, [] { throw 7; }, [&] { ++calls; }};
  CHECK_THROWS_AS(checkpoint.save(prefix, options), int);
  CHECK(calls == 1);
  CHECK(latest() == prefix + "-1");
  CHECK(cairn::bundle::checkpoint_exists(prefix + "-2"));
  CHECK(checkpoint.save_counter() == 2);
  CHECK(checkpoint.save(prefix) == prefix + "-3");
}

TEST_CASE("write callbacks do not run when nothing was written") {
  cairn::test::ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.path() / "p.index");  // where the index would go
  float a = 1;
  cairn::Checkpoint checkpoint{"a"_a = a};
  cairn::CheckpointOptions options;
  options.write_callbacks = {[] { FAIL("called"); }};
  CHECK_THROWS_AS(checkpoint.write(scratch.path() / "p", options), cairn::Error);
}
