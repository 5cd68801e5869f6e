// Saving is killed or fails at every call, over nothing and over a checkpoint: what is there is the old or the new one.
#include <cairn/bundle/writer.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "bundle/bundles.hpp"
#include "support/slowness.hpp"

#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::test::view_of;

namespace {

constexpr int nothing = 0;
constexpr std::uint64_t step = cairn::test::emulation > 1 ? 3 : 1;  // of the calls

// Generation `number`: a large tensor, small ones, strings; flushed once on the way.
void save(io::FileSystem& files, int number) {
  bundle::Writer writer("d/p", {}, files);
  const std::vector<int> large(140'000, number);
  const std::vector<std::string> names{"generation " + std::to_string(number), ""};
  writer.add("large", view_of(large, {140, 1000}));
  writer.add("names", cairn::TensorView({2}, names));
  writer.flush();
  writer.add("small", view_of(number));
  writer.finish();
}

// Which generation is complete under the prefix; `nothing` when there is no index. Anything else fails the test.
int generation(io::FileSystem& files) {
  if (!bundle::checkpoint_exists("d/p", files)) return nothing;
  try {
    const bundle::Reader reader("d/p", files);
    const int number = reader.read("small").scalar<int>();
    const auto large = reader.read("large");
    for (const int value : large.span<int>())
      if (value != number) return -1;
    if (reader.read_strings("names")[0] != "generation " + std::to_string(number)) return -2;
    return number;
  } catch (const cairn::Error& error) {
    FAIL_CHECK(std::string(error.what()));
    return -3;
  }
}

// A folder with `before` generations saved one over the other, all on the disk.
void prepare(cairn::testing::MemoryFileSystem& files, int before) {
  for (int number = 1; number <= before; ++number) save(files, number);
}

bool is_old_or_new(int found, int before, bool returned) {
  return found == before + 1 || (found == before && !returned);
}

std::uint64_t calls_of_a_save(int before) {
  cairn::testing::MemoryFileSystem files;
  prepare(files, before);
  cairn::testing::FaultyFileSystem counted(files);
  save(counted, before + 1);
  return counted.calls();
}

bool has_temporary(io::FileSystem& files) {
  if (!files.is_directory("d")) return false;
  for (const std::string& name : files.list_directory("d"))
    if (io::is_temporary(name)) return true;
  return false;
}

}  // namespace

TEST_CASE("a save that is killed at any call leaves the old or the new checkpoint, also when power goes") {
  for (const int before : {0, 1, 2})
    for (const cairn::testing::Fault kind :
         {cairn::testing::Fault::stop_before, cairn::testing::Fault::stop_after, cairn::testing::Fault::stop_torn}) {
      const std::uint64_t calls = calls_of_a_save(before);
      for (std::uint64_t at = 1; at <= calls + 1; at += step) {
        CAPTURE(before);
        CAPTURE(at);
        cairn::testing::MemoryFileSystem files;
        prepare(files, before);
        cairn::testing::FaultyFileSystem killed(files, {.at = at, .kind = kind});
        bool returned = false;
        try {
          save(killed, before + 1);
          returned = true;
        } catch (const cairn::Error&) {}
        CHECK(returned == (at > calls));
        CHECK(is_old_or_new(generation(files), before, returned));
        files.cut_power();
        CHECK(is_old_or_new(generation(files), before, returned));
        // The next process saves as if nothing had happened, and cleans up behind the one that died.
        save(files, before + 2);
        CHECK(generation(files) == before + 2);
      }
    }
}

TEST_CASE("a save in which any call fails says so, and leaves the old or the new checkpoint without leftovers") {
  for (const int before : {0, 1, 2})
    for (const int number : {EIO, ENOSPC, EACCES}) {
      const std::uint64_t calls = calls_of_a_save(before);
      for (std::uint64_t at = 1; at <= calls; at += step) {
        CAPTURE(before);
        CAPTURE(at);
        cairn::testing::MemoryFileSystem files;
        prepare(files, before);
        cairn::testing::FaultyFileSystem failing(files, {.at = at, .number = number});
        CHECK_THROWS_AS(save(failing, before + 1), cairn::Error);
        CHECK_FALSE(has_temporary(files));
        CHECK(is_old_or_new(generation(files), before, false));
        save(files, before + 2);
        CHECK(generation(files) == before + 2);
        CHECK(files.list_directory("d").size() == 2);
      }
    }
}

TEST_CASE("a reader that is open keeps an error, never a mixture, when its checkpoint is saved over") {
  cairn::testing::MemoryFileSystem files;
  prepare(files, 1);
  const bundle::Reader early("d/p", files);
  const bundle::Reader late("d/p", files);
  CHECK(early.read("small").scalar<int>() == 1);
  prepare(files, 3);
  CHECK(early.read("large").span<int>()[0] == 1);  // its shard was open
  CHECK(cairn::test::code_of([&] { (void)late.read("large"); }) == cairn::ErrorCode::data_loss);
}
