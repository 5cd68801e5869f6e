#include <cairn/bundle/detail/piece_writer.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/faulty_file_system.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace io = cairn::io;

namespace {
struct RecordedFile final : io::WritableFile {
  struct Write {
    std::uint64_t offset;
    std::size_t size;
  };
  std::vector<Write> writes;
  void write(std::uint64_t offset, std::span<const std::byte> bytes) override {
    writes.push_back({offset, bytes.size()});
  }
  void sync() override {}
  void close() override {}
};
}  // namespace

TEST_CASE("small and large runs of bytes end up one behind the other") {
  cairn::testing::MemoryFileSystem files;
  const auto file = files.create("file");
  std::string expected(5, '\0');
  cairn::bundle::detail::PieceWriter out(*file, expected.size());
  char letter = 'a';
  for (const std::size_t size : {1u, 0u, 1000u, 131'071u, 131'072u, 3u, 2'000'001u, 500'000u, 7u, 524'288u}) {
    const std::string run(size, letter++);
    out.append(std::as_bytes(std::span(run)));
    expected += run;
  }
  out.flush();
  CHECK(cairn::test::read_file(files, "file") == expected);
}

TEST_CASE("many small tensors need few calls") {
  cairn::testing::MemoryFileSystem files;
  cairn::testing::FaultyFileSystem counted(files);
  const auto file = counted.create("file");
  cairn::bundle::detail::PieceWriter out(*file, 0);
  const std::string run(64, 'x');
  for (int i = 0; i < 100'000; ++i) out.append(std::as_bytes(std::span(run)));
  out.flush();
  CHECK(counted.calls() < 20);
}

TEST_CASE(
    "wherever they begin, pieces end with the file's pages, so that no page is written in parts again and again") {
  for (const std::uint64_t begin : {0u, 1u, 4095u, 4096u, 700'001u})
    for (const std::size_t size : {1'000u, 65'536u, 5'000'000u}) {
      RecordedFile file;
      cairn::bundle::detail::PieceWriter out(file, begin);
      const std::string run(size, 'x');
      for (std::size_t bytes = 0; bytes < 9'000'000; bytes += size) out.append(std::as_bytes(std::span(run)));
      out.flush();
      std::uint64_t at = begin;
      std::size_t in_parts = 0;
      for (const auto& write : file.writes) {
        CHECK(write.offset == at);
        CHECK(write.size <= io::piece_bytes);
        at += write.size;
        if (at % 4096 != 0) ++in_parts;
      }
      CHECK(in_parts <= 2);  // where one of the large runs ends, and at the end
      CHECK(out.next_piece() == io::piece_bytes - at % 4096);
    }
}
