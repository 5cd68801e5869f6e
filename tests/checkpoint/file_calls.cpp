// How often a save and a restore ask the file system for something, and how many bytes pass: counts that do not vary.
#include <cairn/checkpoint/manager.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "checkpoint/states.hpp"
#include "support/counting_files.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

struct Counted {
  Variable<float, 3> weights{1, 2, 3};
  std::vector<std::string> notes{"a", "b"};
  std::int64_t step = 7;
};
using Manager = CheckpointManager<CheckpointIn>;

// The bytes of all files of a folder.
std::uint64_t bytes_in(io::FileSystem& files, const std::string& folder) {
  std::uint64_t sum = 0;
  for (const std::string& name : files.list_directory(folder)) sum += files.open(io::join_path(folder, name))->size();
  return sum;
}

// What is counted, without the bytes.
FileCounts calls(FileCounts counts) {
  counts.bytes_read = counts.bytes_written = 0;
  return counts;
}

}  // namespace

TEST_CASE("a manager's save looks into the directory once, and asks for nothing twice") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  Counted state;
  CheckpointIn checkpoint(files, state);
  std::optional<Manager> manager;
  manager.emplace(checkpoint, "d", CheckpointManagerOptions{.max_to_keep = 2});
  const auto save = [&](Durability durability = Durability::full) {
    files.reset();
    manager->save({.durability = durability});
    return calls(files.counts());
  };
  // Data, index, state file; a second name of the index until the state file names it. In the first save the lock, and
  // the directory with its name on the disk.
  const FileCounts first{.opens = 1,  // the state file, which is not there
                         .creates = 3,
                         .writes = 3,
                         .syncs = 3,
                         .closes = 3,
                         .renames = 3,
                         .links = 1,
                         .removes = 1,
                         .directory_syncs = 3,
                         .directories_made = 1,
                         .listings = 1,
                         .questions = 4,
                         .permissions = 2,
                         .locks = 1};
  CHECK(save() == first);
  const FileCounts next{.creates = 3,
                        .writes = 3,
                        .syncs = 3,
                        .closes = 3,
                        .renames = 3,
                        .links = 1,
                        .removes = 1,
                        .directory_syncs = 2,
                        .listings = 1,
                        .questions = 1,  // whether the index is there
                        .permissions = 2,
                        .lock_questions = 1};
  CHECK(save() == next);
  // An old one goes: its index gets a second name, so that its deletion can be finished by another process; then index,
  // data file and second name are removed.
  FileCounts rotating = next;
  rotating.links += 1;
  rotating.removes += 3;
  rotating.directory_syncs += 1;
  CHECK(save() == rotating);
  CHECK(save() == rotating);
  rotating.syncs = rotating.directory_syncs = 0;
  rotating.reserves = 1;  // for the state file, which replaces another one
  CHECK(save(Durability::none) == rotating);

  files.reset();
  (void)manager->restore();
  CHECK(calls(files.counts()) == FileCounts{.opens = 2, .reads = 2});  // the index, and all data
  files.reset();
  manager.reset();
  CHECK(calls(files.counts()) == FileCounts{.removes = 1, .lock_questions = 1});
}

TEST_CASE("a checkpoint without a manager asks for nothing that the calls themselves would say") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  Counted state;
  CheckpointIn checkpoint(files, state);
  const FileCounts plain{.creates = 2, .writes = 2, .syncs = 2, .closes = 2, .renames = 2, .directory_syncs = 1};
  FileCounts expected = plain;
  // There is no directory yet: it cannot be listed, no file can be made in it, and it gets its name on the disk.
  expected.listings = 1, expected.creates += 1, expected.questions = 3, expected.directories_made = 1;
  expected.directory_syncs += 1, expected.permissions = 1;
  checkpoint.save("d/ckpt");
  CHECK(calls(files.reset()) == expected);
  expected = plain;
  expected.listings = 1, expected.questions = 1, expected.permissions = 1;
  checkpoint.save("d/ckpt");
  CHECK(calls(files.reset()) == expected);

  (void)checkpoint.restore("d/ckpt-2");
  CHECK(calls(files.reset()) == FileCounts{.opens = 2, .reads = 2});
  std::optional<Manager> manager;
  manager.emplace(checkpoint, "d", CheckpointManagerOptions{});
  manager->save();
  manager.reset();
  files.reset();
  // A directory: its index, which is not there, then its state file.
  (void)checkpoint.restore("d");
  CHECK(calls(files.reset()) == FileCounts{.opens = 4, .reads = 3});
  manager.emplace(checkpoint, "d", CheckpointManagerOptions{});
  CHECK(calls(files.reset()) == FileCounts{.opens = 1, .reads = 1});
  (void)manager->restore();
  CHECK(calls(files.reset()) == FileCounts{.opens = 2, .reads = 2});
}

TEST_CASE("a large state is restored from far files with few calls, whatever it consists of") {
  struct Grown {
    std::vector<float> one, other;
    std::vector<std::vector<double>> many;
  };
  cairn::testing::MemoryFileSystem memory;
  memory.create_directories("d");
  const auto reads = [&](const auto& from, const auto& into, bool is_far) {
    CountingFileSystem files(memory);
    files.is_far = is_far;
    auto written = from, read = into;
    CheckpointIn(memory, written).write("d/x");
    CheckpointIn(files, read).read("d/x").assert_consumed();
    const FileCounts counts = files.counts();
    CHECK(counts.opens == 2);
    CHECK(counts.bytes_read <= bytes_in(memory, "d") + 4096);
    CHECK(calls(counts) == FileCounts{.opens = 2, .reads = counts.reads});
    return counts.reads;
  };
  // The index; the graph; 14 MiB, of which each tensor of a mebibyte or more is read alone, in pieces of 4 MiB.
  const Grown grown{std::vector<float>(std::size_t{3} << 20, 1.5F), std::vector<float>(std::size_t{1} << 19, 2.5F),
                    std::vector<std::vector<double>>(100, {1, 2, 3})};
  CHECK(reads(grown, Grown{}, true) == 7);
  CHECK(reads(grown, Grown{}, false) == 31);
  // Of many small tensors the graph takes most.
  const std::vector<Variable<float, 16>> many(20'000);
  CHECK(reads(many, many, true) == 3);
  CHECK(reads(many, many, false) == 8);
}

TEST_CASE("a large state is saved to far files in large pieces") {
  cairn::testing::MemoryFileSystem memory;
  memory.create_directories("d");
  const auto writes = [&](auto state, bool is_far) {
    CountingFileSystem files(memory);
    files.is_far = is_far;
    CheckpointIn(files, state).write("d/x", {.threads = 1});
    return files.counts().writes;
  };
  // One of 12 MiB, in pieces of 4 MiB; the small ones behind it gathered, with the graph; the index.
  const std::pair<std::vector<float>, std::vector<std::vector<double>>> grown{
      std::vector<float>(std::size_t{3} << 20, 1.5F), std::vector<std::vector<double>>(100, {1, 2, 3})};
  CHECK(writes(grown, true) == 5);
  CHECK(writes(grown, false) == 26);
  const std::vector<Variable<float, 16>> many(20'000);
  CHECK(writes(many, true) == 2);
  CHECK(writes(many, false) == 11);
}

TEST_CASE("every byte of a checkpoint is written once, and read once") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  std::vector<float> state(std::size_t{1} << 20, 1.5F);
  memory.create_directories("d");
  CheckpointIn checkpoint(files, state);
  std::uint64_t before = 0;
  for (const char* const path : {"d/first", "d/planned"}) {
    files.reset();
    checkpoint.write(path, {.threads = 1});
    const std::uint64_t now = bytes_in(memory, "d");
    CHECK(files.counts().bytes_written == now - before);
    CHECK(files.counts().bytes_read == 0);
    CHECK(files.counts().writes < 16);
    before = now;
  }
  std::vector<float> restored(state.size());
  files.reset();
  CheckpointIn(files, restored).read("d/first", {.threads = 1}).assert_consumed();
  CHECK(restored == state);
  CHECK(files.counts().bytes_read < before / 2 + 4096);
  CHECK(files.counts().reads < 20);
}

TEST_CASE("a number that is taken while the metric is computed is not used again") {
  cairn::testing::MemoryFileSystem files;
  Counted state;
  CheckpointIn checkpoint(files, state);
  const auto metric = [&] {
    write_file(files, "d/ckpt-6.index", "another program's");
    return 1.0;
  };
  files.create_directories("d");
  Manager manager(checkpoint, "d", {.keep_best = KeepBest{.metric = metric}});
  CHECK(manager.save() == "d/ckpt-7");
}
