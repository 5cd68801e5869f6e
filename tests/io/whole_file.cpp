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

TEST_CASE("a file is opened where it is there, and what stands in its place is told") {
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "file", "12345");
  files.create_directories("folder");
  const auto file = files.open_if_there("file");
  REQUIRE(file);
  CHECK(io::read_whole_file(*file, "file", 5) == "12345");
  CHECK_FALSE(files.open_if_there("none"));
  CHECK_FALSE(files.open_if_there("none/file"));
  CHECK_FALSE(files.open_if_there("file/file"));
  CHECK(cairn::test::code_of([&] { (void)files.open_if_there("folder"); }) == cairn::ErrorCode::failed_precondition);
}
