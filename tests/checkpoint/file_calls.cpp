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
  const FileCounts first{.creates = 3,
                         .writes = 3,
                         .syncs = 3,
                         .closes = 3,
                         .renames = 3,
                         .links = 1,
                         .removes = 1,
                         .directory_syncs = 3,
                         .directories_made = 1,
                         .listings = 1,
                         .questions = 6,
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
                        .questions = 4,
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
  CHECK(calls(files.counts()) == FileCounts{.opens = 2, .reads = 5, .questions = 1});
  files.reset();
  manager.reset();
  CHECK(calls(files.counts()) == FileCounts{.removes = 1, .lock_questions = 1});
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
