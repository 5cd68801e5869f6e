#include <cairn/bundle/detail/read_ahead.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/rewrite.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "bundle/bundles.hpp"
#include "support/counting_files.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::bundle::detail::ReadAhead;
using cairn::test::CountingFileSystem;

namespace {

std::string letters(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * 7 % 26 + i / 4096 % 3);
  return text;
}
std::string read(const io::ReadableFile& file, std::uint64_t offset, std::size_t size) {
  std::string out(size, ' ');
  file.read(offset, std::as_writable_bytes(std::span(out)));
  return out;
}

void write_many(io::FileSystem& files, int count, std::size_t floats, const char* prefix = "p") {
  bundle::Writer writer(prefix, {}, files);
  const std::vector<float> value(floats, 1.5F);
  for (int i = 0; i < count; ++i)
    writer.add("v/" + std::to_string(100'000 + i), cairn::test::view_of(value, {static_cast<std::int64_t>(floats)}));
  writer.finish();
}

}  // namespace

TEST_CASE("small pieces one behind the other are read with few calls, and are what they are") {
  cairn::testing::MemoryFileSystem memory;
  const std::string text = letters(3'000'000);
  cairn::test::write_file(memory, "file", text);
  for (const bool is_far : {false, true})
    for (const std::size_t size : {1'000u, 4'097u, 65'536u, 600'000u}) {
      CAPTURE(is_far);
      CAPTURE(size);
      CountingFileSystem files(memory);
      files.is_far = is_far;
      const auto file = files.open("file");
      ReadAhead ahead;
      ahead.use(*file);
      std::size_t at = 0, asked = 0;
      for (; at + size <= text.size(); at += size, ++asked) {
        if (asked % 5 == 4) ++at;  // a gap
        if (at + size > text.size()) break;
        REQUIRE(read(ahead, at, size) == text.substr(at, size));
      }
      CHECK(files.counts().bytes_read <= text.size());
      CHECK(files.counts().reads < (is_far ? 14 : 17));
    }
}

TEST_CASE("what is asked for here and there is read alone") {
  cairn::testing::MemoryFileSystem memory;
  const std::string text = letters(3'000'000);
  cairn::test::write_file(memory, "file", text);
  CountingFileSystem files(memory);
  const auto file = files.open("file");
  ReadAhead ahead;
  ahead.use(*file);
  for (const std::size_t at : {2'000'000u, 5'000u, 1'000'000u, 900'000u, 2'999'990u})
    CHECK(read(ahead, at, 10) == text.substr(at, 10));
  CHECK(files.counts().reads == 5);
  CHECK(files.counts().bytes_read == 50);
  // Behind the last one there is nothing; before it, one behind the other once more.
  CHECK(read(ahead, 10, 10) == text.substr(10, 10));
  CHECK(read(ahead, 20, 10) == text.substr(20, 10));
  CHECK(read(ahead, 30, 10) == text.substr(30, 10));  // came with the one before
  CHECK(files.counts().reads == 7);
}

TEST_CASE("after a read that fails, nothing is taken for what was read") {
  cairn::testing::MemoryFileSystem files;
  const std::string text = letters(100);
  cairn::test::write_file(files, "file", text);
  const auto file = files.open("file");
  ReadAhead ahead;
  ahead.use(*file);
  CHECK(read(ahead, 0, 10) == text.substr(0, 10));
  files.remove("file");
  cairn::test::write_file(files, "other", text + text);
  CHECK(cairn::test::code_of([&] { (void)read(ahead, 95, 10); }) == cairn::ErrorCode::data_loss);
  CHECK(read(ahead, 10, 10) == text.substr(10, 10));
  const auto other = files.open("other");
  ahead.use(*other);
  CHECK(read(ahead, 100, 100) == text);
}

TEST_CASE("ten thousand small tensors are written again with some tens of calls") {
  cairn::testing::MemoryFileSystem memory;
  write_many(memory, 10'000, 16);
  for (const bool is_far : {false, true}) {
    CountingFileSystem files(memory);
    files.is_far = is_far;
    const bundle::Reader reader("p", files);
    files.reset();
    bundle::rewrite(reader, is_far ? "far" : "near", {}, files);
    const auto counts = files.counts();
    CHECK(counts.opens == 1);
    // Of the 640,000 bytes 64, 128, 256 and so on. The index, which is small for far files, was read before.
    CHECK(counts.reads == (is_far ? 14 : 15));
    CHECK(counts.bytes_read == (is_far ? 0 : memory.open("p.index")->size()) + 640'000);
    for (const char* const ending : {".index", ".data-00000-of-00001"})
      CHECK(cairn::test::read_file(memory, std::string(is_far ? "far" : "near") + ending) ==
            cairn::test::read_file(memory, std::string("p") + ending));
  }
}

TEST_CASE("a flipped bit in a tensor that came along is found, and told of that tensor") {
  cairn::testing::MemoryFileSystem files;
  write_many(files, 1'000, 16);
  const std::string path = "p.data-00000-of-00001";
  std::string bytes = cairn::test::read_file(files, path);
  bytes[500 * 64 + 3] ^= 1;
  files.remove(path);
  cairn::test::write_file(files, path, bytes);
  try {
    bundle::rewrite(bundle::Reader("p", files), "q", {}, files);
    FAIL("the damage must be found");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == cairn::ErrorCode::data_loss);
    CHECK(error.key() == "v/100500");
    CHECK(error.file() == path);
  }
  CHECK_FALSE(files.exists("q.index"));
}
