#include <cairn/io/whole_file.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

namespace io = cairn::io;

TEST_CASE("a whole file is read, up to a size and not beyond") {
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "file", "12345");
  CHECK(io::read_whole_file(files, "file", 5) == "12345");
  CHECK(cairn::test::code_of([&] { (void)io::read_whole_file(files, "file", 4); }) == cairn::ErrorCode::out_of_range);
  CHECK(cairn::test::code_of([&] { (void)io::read_whole_file(files, "none", 4); }) == cairn::ErrorCode::not_found);
}

TEST_CASE("an empty file is an empty text") {
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "file", "");
  CHECK(io::read_whole_file(files, "file", 0).empty());
}
