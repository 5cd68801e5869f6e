#include <cairn/bundle/piece_writer.hpp>

#include <doctest/doctest.h>

#include <cairn/io/faulty.hpp>
#include <cairn/io/memory.hpp>

#include "io/files.hpp"

#include <span>
#include <string>

namespace io = cairn::io;

TEST_CASE("small and large runs of bytes end up one behind the other") {
  io::MemoryFileSystem files;
  const auto file = files.create("file");
  std::string expected(5, '\0');
  cairn::detail::PieceWriter out(*file, expected.size());
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
  io::MemoryFileSystem files;
  io::FaultyFileSystem counted(files);
  const auto file = counted.create("file");
  cairn::detail::PieceWriter out(*file, 0);
  const std::string run(64, 'x');
  for (int i = 0; i < 100'000; ++i) out.append(std::as_bytes(std::span(run)));
  out.flush();
  CHECK(counted.calls() < 20);
}
