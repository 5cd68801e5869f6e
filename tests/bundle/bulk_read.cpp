// Many tensors read together: the same bytes as one by one, by any number of threads; damage anywhere is found.
#include <cairn/bundle/detail/bulk_read.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/io/whole_file.hpp>
#include <cairn/testing/faulty_file_system.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "bundle/bundles.hpp"
#include "support/slowness.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::test::code_of;

namespace {

constexpr std::size_t mebi = std::size_t{1} << 20;

// Tensors of many sizes, none, small, of a piece, of several pieces, in shards of 9 MiB.
std::map<std::string, std::vector<std::uint16_t>> some_tensors() {
  std::map<std::string, std::vector<std::uint16_t>> tensors;
  std::uint32_t value = 1;
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, io::piece_bytes / 2, 9 * mebi / 4, 3 * mebi + 5})
    for (int i = 0; i < 3; ++i) {
      auto& numbers = tensors[std::to_string(count) + "/" + std::to_string(i)];
      numbers.resize(count);
      for (auto& each : numbers) each = static_cast<std::uint16_t>((value = value * 1664525u + 1013904223u) >> 16);
    }
  for (int i = 0; i < 500; ++i) tensors["small/" + std::to_string(i)].assign(static_cast<std::size_t>(i), 7);
  return tensors;
}

void write(io::FileSystem& files, const std::map<std::string, std::vector<std::uint16_t>>& tensors) {
  bundle::Writer writer("p", {.shard_size = 9 * mebi}, files);
  for (const auto& [key, numbers] : tensors)
    writer.add(key, {cairn::DT_UINT16, {static_cast<std::int64_t>(numbers.size())}, std::as_bytes(std::span(numbers))});
  writer.finish();
}

struct Target {
  std::map<std::string, std::vector<std::uint16_t>> tensors;
  struct Item {
    const bundle::Entry* entry;
    std::span<std::byte> out;
  };
  std::vector<Item> items;

  explicit Target(const bundle::Reader& reader) {
    for (const auto& [key, entry] : reader.entries()) {
      if (!entry.slices.empty()) continue;
      auto& numbers = tensors[key];
      numbers.resize(entry.size / 2);
      items.push_back({&entry, std::as_writable_bytes(std::span(numbers))});
    }
    std::reverse(items.begin(), items.end());
  }
  void fill(std::uint16_t value) {
    for (auto& item : tensors) std::fill(item.second.begin(), item.second.end(), value);
  }
  // Zeros but for the last number of each tensor of an odd size.
  void fill_nearly_zero() {
    fill(0);
    for (auto& item : tensors)
      if (item.second.size() % 2 != 0) item.second.back() = 0x5555;
  }
};

struct Bulk : cairn::bundle::detail::BulkRead {
  Bulk(const bundle::Reader& reader, const Target& target, std::size_t threads) : BulkRead(reader, threads) {
    for (const Target::Item& item : target.items) add(*item.entry, item.out);
    prepare();
  }
};

void check_all(const Target& target, const std::map<std::string, std::vector<std::uint16_t>>& tensors) {
  for (const auto& [key, numbers] : target.tensors) CHECK((numbers == tensors.at(key)));
}

}  // namespace

TEST_CASE("tensors that are read together are what they are one by one") {
  const auto tensors = some_tensors();
  cairn::testing::MemoryFileSystem files;
  write(files, tensors);
  const bundle::Reader reader("p", files);
  for (const std::size_t threads : {1u, 2u, 3u, 7u}) {
    CAPTURE(threads);
    Target target(reader);
    REQUIRE(target.items.size() > 500);
    Bulk bulk(reader, target, threads);
    CHECK(bulk.read());
    check_all(target, tensors);
    target.fill(0x5555);
    Bulk(reader, target, threads).read_rest();
    check_all(target, tensors);
  }
}

TEST_CASE("memory that is not zero is filled as well, what cannot be kept of it in a second step") {
  const auto tensors = some_tensors();
  cairn::testing::MemoryFileSystem files;
  write(files, tensors);
  const bundle::Reader reader("p", files);
  for (const std::size_t threads : {1u, 2u, 7u}) {
    CAPTURE(threads);
    Target target(reader);
    target.fill(0x5555);
    Bulk bulk(reader, target, threads);
    CHECK_FALSE(bulk.read());
    std::size_t filled = 0;
    for (const auto& [key, numbers] : target.tensors) filled += numbers == tensors.at(key) ? std::size_t{1} : 0;
    CHECK(filled < target.tensors.size());
    bulk.read_rest();
    check_all(target, tensors);
  }
}

TEST_CASE("memory that is zero but for a few places is filled in one step") {
  const auto tensors = some_tensors();
  cairn::testing::MemoryFileSystem files;
  write(files, tensors);
  const bundle::Reader reader("p", files);
  for (const std::size_t threads : {1u, 2u, 7u}) {
    Target target(reader);
    target.fill_nearly_zero();
    CHECK(Bulk(reader, target, threads).read());
    check_all(target, tensors);
  }
}

TEST_CASE("a flipped bit is found wherever it is, with its key, and the memory is what it was") {
  const auto tensors = some_tensors();
  cairn::testing::MemoryFileSystem files;
  write(files, tensors);
  const bundle::Reader sound("p", files);
  const auto large = std::find_if(sound.entries().begin(), sound.entries().end(), [](const auto& item) {
    return item.second.slices.empty() && item.second.size > 4 * mebi;
  });
  REQUIRE(large != sound.entries().end());
  int place = 0;
  for (const std::string& key : {std::string("small/499"), large->first, std::string("1/1")}) {
    const bundle::Entry& entry = sound.lookup(key);
    for (const std::uint64_t at : {entry.offset, entry.offset + entry.size / 2, entry.offset + entry.size - 1}) {
      CAPTURE(key);
      const std::string path = bundle::data_path("p", entry.shard, sound.num_shards());
      std::string bytes = io::read_whole_file(files, path, 100 * mebi);
      const std::string before = bytes;
      bytes[static_cast<std::size_t>(at)] ^= 1;
      files.remove(path);
      cairn::test::write_file(files, path, bytes);
      const bundle::Reader reader("p", files);
      // Each number of threads meets each kind of memory in every key, and every kind of memory each place.
      ++place;
      for (const int held : {0, 1, 2}) {
        if (cairn::test::emulation > 1 && held != place % 3) continue;
        Target target(reader);
        if (held == 1)
          target.fill_nearly_zero();
        else
          target.fill(held == 0 ? 0 : 0x5555);
        const auto was = target.tensors;
        Bulk bulk(reader, target, static_cast<std::size_t>(1 + (place + held) % 3));
        try {
          (void)bulk.read();
          FAIL("the damage must be found");
        } catch (const cairn::Error& error) {
          CHECK(error.code() == cairn::ErrorCode::data_loss);
          CHECK(error.key() == key);
          CHECK(error.file() == path);
        }
        CHECK((target.tensors == was));
      }
      files.remove(path);
      cairn::test::write_file(files, path, before);
    }
  }
}

TEST_CASE("whichever read of whichever thread fails, the error is told") {
  const auto tensors = some_tensors();
  cairn::testing::MemoryFileSystem files;
  write(files, tensors);
  const auto read = [](io::FileSystem& from) {
    const bundle::Reader reader("p", from);
    Target target(reader);
    bool has_all = false;
    try {
      has_all = Bulk(reader, target, 3).read();
    } catch (...) {
      CHECK((target.tensors == Target(reader).tensors));
      throw;
    }
    CHECK(has_all);
  };
  cairn::testing::FaultyFileSystem counted(files);
  read(counted);
  CHECK(counted.calls() < 120);  // and not one for each of five hundred small tensors
  for (std::uint64_t call = 1; call <= counted.calls(); call += cairn::test::emulation) {
    cairn::testing::FaultyFileSystem failing(files, {.at = call});
    CHECK_THROWS_AS(read(failing), cairn::Error);
  }
}

TEST_CASE("memory of another size than the tensor's is refused") {
  cairn::testing::MemoryFileSystem files;
  write(files, some_tensors());
  const bundle::Reader reader("p", files);
  Target target(reader);
  target.items[3].out = target.items[3].out.first(0);
  CHECK(code_of([&] { (void)Bulk(reader, target, 2); }) == cairn::ErrorCode::invalid_argument);
}
