// Several threads write one data file: the bytes, and what happens when one of them cannot.
#include <cairn/bundle/writer.hpp>

#include <doctest/doctest.h>

#include <cairn/io/whole_file.hpp>
#include <cairn/testing/faulty_file_system.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "bundle/bundles.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;

namespace {

constexpr std::size_t mebi = std::size_t{1} << 20;

std::vector<std::uint32_t> numbers_of(std::size_t bytes, std::uint32_t first) {
  std::vector<std::uint32_t> numbers(bytes / 4);
  std::uint32_t value = first;
  for (std::uint32_t& each : numbers) each = value = value * 1664525u + 1013904223u;
  return numbers;
}
cairn::TensorView view_of(const std::vector<std::uint32_t>& numbers, std::size_t begin, std::size_t count) {
  return {
      cairn::DT_UINT32, {static_cast<std::int64_t>(count)}, std::as_bytes(std::span(numbers).subspan(begin, count))};
}

// Twenty MiB: of one tensor, of many, of some that are not to be cut.
void write_everything(io::FileSystem& files, const std::string& prefix, const std::vector<std::uint32_t>& numbers,
                      const std::vector<std::string>& strings, bundle::WriterOptions options) {
  bundle::Writer writer(prefix, options, files);
  const std::size_t half = numbers.size() / 2;
  writer.add("huge", view_of(numbers, 0, half));
  for (std::size_t i = 0; i < 100; ++i)
    writer.add("small/" + std::to_string(i), view_of(numbers, half + i * 10007, i * 101));
  writer.add("strings", cairn::TensorView({static_cast<std::int64_t>(strings.size())}, strings));
  for (std::size_t i = 0; i < 4; ++i)
    writer.add("large/" + std::to_string(i), view_of(numbers, half + i * 300'001, 299'993));
  writer.add("last", view_of(numbers, 1, 1));
  writer.finish();
}

std::map<std::string, std::string> contents(io::FileSystem& files) {
  std::map<std::string, std::string> all;
  for (const std::string& name : files.list_directory(".")) all[name] = io::read_whole_file(files, name, 100 * mebi);
  return all;
}

}  // namespace

TEST_CASE("any number of threads writes the same files, wherever their ranges meet") {
  const auto numbers = numbers_of(20 * mebi, 1);
  const std::vector<std::string> strings(5, std::string(mebi / 2, 's'));
  for (const bundle::WriterOptions& options : {bundle::WriterOptions{}, bundle::WriterOptions{.data_alignment = 64},
                                               bundle::WriterOptions{.shard_size = 13 * mebi + 7}}) {
    std::map<std::string, std::string> expected;
    for (const std::size_t threads : {1u, 2u, 3u, 5u}) {
      CAPTURE(threads);
      bundle::WriterOptions with_threads = options;
      with_threads.threads = threads;
      cairn::testing::MemoryFileSystem files;
      write_everything(files, "p", numbers, strings, with_threads);
      const auto found = contents(files);
      if (threads == 1) expected = found;
      CHECK((found == expected));
      const bundle::Reader reader("p", files);
      for (const auto& item : reader.entries()) reader.verify(item.first);
    }
  }
}

TEST_CASE("a tensor is cut among more threads than two") {
  const auto numbers = numbers_of(17 * mebi, 7);
  cairn::testing::MemoryFileSystem files;
  bundle::Writer writer("p", {.threads = 4}, files);
  writer.add("x", view_of(numbers, 0, numbers.size()));
  writer.finish();
  CHECK(bundle::Reader("p", files).read("x").span<std::uint32_t>()[numbers.size() - 1] == numbers.back());
}

TEST_CASE("whichever call of whichever thread fails, the error is told and nothing is left") {
  const auto numbers = numbers_of(14 * mebi, 3);
  const auto save = [&](io::FileSystem& files) {
    bundle::Writer writer("p", {.threads = 3}, files);
    writer.add("a", view_of(numbers, 0, numbers.size() / 2));
    writer.add("b", view_of(numbers, numbers.size() / 2, numbers.size() / 2));
    writer.finish();
  };
  cairn::testing::MemoryFileSystem files;
  cairn::testing::FaultyFileSystem counted(files);
  save(counted);
  const std::uint64_t writes = 14 * mebi / io::piece_bytes;
  CHECK(counted.calls() > writes);
  for (std::uint64_t call = 1; call <= counted.calls(); ++call) {
    CAPTURE(call);
    cairn::testing::MemoryFileSystem empty;
    cairn::testing::FaultyFileSystem failing(empty, {.at = call, .number = ENOSPC});
    try {
      save(failing);
      FAIL("the save must not succeed");
    } catch (const cairn::Error& error) {
      CHECK(error.code() == cairn::ErrorCode::resource_exhausted);
    }
    CHECK((empty.exists("p.index") || empty.list_directory(".").empty()));
  }
}
