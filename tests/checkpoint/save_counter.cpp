// The counter of saves: when it is there, what it counts, and that a failed save does not.
#include <cairn/checkpoint/detail/tracked_state.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "checkpoint/states.hpp"

#include <limits>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {
constexpr const char* counter_key = "save_counter/.ATTRIBUTES/VARIABLE_VALUE";
std::int64_t stored(io::FileSystem& files, const std::string& path) {
  return bundle::Reader(path, files).read(counter_key).scalar<std::int64_t>();
}
}  // namespace

TEST_CASE("save counts before it writes; write and read make no counter") {
  cairn::testing::MemoryFileSystem files;
  float a = 1;
  CheckpointIn checkpoint(files, "a"_a = a);
  checkpoint.write("w");
  CHECK_FALSE(bundle::Reader("w", files).contains(counter_key));
  checkpoint.read("w").assert_consumed();
  CHECK_THROWS_AS(checkpoint.restore("w").assert_consumed(), Error);  // its counter is not in there
  CHECK(checkpoint.save("p") == "p-1");
  CHECK(checkpoint.save("p") == "p-2");
  CHECK(stored(files, "p-2") == 2);
  checkpoint.write("w");
  CHECK(stored(files, "w") == 2);
}

TEST_CASE("restore brings the counter, read does not") {
  cairn::testing::MemoryFileSystem files;
  float a = 1;
  CheckpointIn saver(files, "a"_a = a);
  saver.save("p");
  saver.save("p");
  CheckpointIn reader(files, "a"_a = a);
  const LoadStatus read = reader.read("p-2");
  CHECK(read.only_in_checkpoint() == Names{"save_counter"});
  CHECK_NOTHROW(read.assert_existing_objects_matched());
  CHECK(reader.save_counter() == 0);
  CheckpointIn restorer(files, "a"_a = a);
  CHECK_NOTHROW(restorer.restore("p-2").assert_consumed());
  CHECK(restorer.save_counter() == 2);
}

TEST_CASE("the sentence about a missing counter says read()") {
  cairn::testing::MemoryFileSystem files;
  float a = 1;
  CheckpointIn checkpoint(files, "a"_a = a);
  checkpoint.write("w");
  const LoadStatus status = checkpoint.restore("w");
  CHECK(status.only_in_program() == Names{"save_counter"});
  CHECK(sentence_of([&] { status.assert_existing_objects_matched(); }).find("read()") != std::string::npos);
}

TEST_CASE("a restore that fails leaves no counter behind") {
  cairn::testing::MemoryFileSystem files;
  float a = 1;
  CheckpointIn checkpoint(files, "a"_a = a);
  CHECK_THROWS_AS(checkpoint.restore("none"), Error);
  checkpoint.write("w");
  CHECK_FALSE(bundle::Reader("w", files).contains(counter_key));
}

TEST_CASE("a root's own save_counter counts, if it can") {
  cairn::testing::MemoryFileSystem files;
  std::int64_t counter = 41;
  CHECK(CheckpointIn(files, "save_counter"_a = counter).save("p") == "p-42");
  CHECK(counter == 42);
  Variable<std::int64_t> variable(7);
  CHECK(CheckpointIn(files, "save_counter"_a = variable).save("q") == "q-8");
  float wrong = 0;
  CHECK(code_of([&] { CheckpointIn(files, "save_counter"_a = wrong).save("p"); }) == ErrorCode::failed_precondition);
  std::vector<std::int64_t> list{1};
  CHECK(code_of([&] { CheckpointIn(files, "save_counter"_a = list).save("p"); }) == ErrorCode::failed_precondition);
}

TEST_CASE("a save that fails at any call leaves the counter unless the checkpoint is complete") {
  cairn::testing::MemoryFileSystem healthy;
  float a = 1;
  cairn::testing::FaultyFileSystem counted(healthy);
  CheckpointIn(counted, "a"_a = a).save("d/p");
  for (std::uint64_t at = 1; at <= counted.calls(); ++at) {
    CAPTURE(at);
    cairn::testing::MemoryFileSystem below;
    cairn::testing::FaultyFileSystem files(below, {.at = at});
    CheckpointIn checkpoint(files, "a"_a = a);
    CHECK_THROWS_AS(checkpoint.save("d/p"), Error);
    CHECK(checkpoint.save_counter() == 0);
    const std::string path = checkpoint.save("d/p");
    CHECK((path == "d/p-1" || below.exists("d/p-1.index")));
    CHECK(stored(below, path) == checkpoint.save_counter());
  }
}

TEST_CASE("there is no number after the last: a counter or a file that has it is refused") {
  cairn::testing::MemoryFileSystem files;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
  float a = 1;
  CheckpointIn(files, "save_counter"_a = last, "a"_a = a).write("p");
  CheckpointIn restored(files, "a"_a = a);
  restored.restore("p").assert_consumed();
  CHECK(code_of([&] { restored.save("q"); }) == ErrorCode::out_of_range);
  CHECK(restored.save_counter() == last);
  write_file(files, "r-9223372036854775807.index", "");
  CheckpointIn fresh(files, "a"_a = a);
  CHECK(code_of([&] { fresh.save("r"); }) == ErrorCode::out_of_range);
  write_file(files, "s-9223372036854775808.index", "");
  CHECK(fresh.save("s") == "s-1");
}

TEST_CASE("a counter below zero, from a strange file, still numbers from one") {
  cairn::testing::MemoryFileSystem files;
  std::int64_t counter = -5;
  CheckpointIn checkpoint(files, "save_counter"_a = counter);
  CHECK(checkpoint.save("p") == "p-1");
  CHECK(counter == 1);
}
