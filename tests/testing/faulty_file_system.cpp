#include <cairn/testing/faulty_file_system.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

#include <cerrno>

namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::read_file;
using cairn::test::write_file;

TEST_CASE("every call is counted") {
  cairn::testing::MemoryFileSystem files;
  cairn::testing::FaultyFileSystem counted(files);
  write_file(counted, "file", "text");  // create, write, sync, close
  CHECK(counted.calls() == 4);
  CHECK(read_file(counted, "file") == "text");  // open, read
  CHECK(counted.calls() == 6);
  CHECK(counted.open("file")->map().bytes.size() == 4);  // open, map
  CHECK(counted.calls() == 8);
}

TEST_CASE("an error comes once, with the errno that was asked for") {
  cairn::testing::MemoryFileSystem files;
  cairn::testing::FaultyFileSystem failing(files, {.at = 1, .number = ENOSPC});
  CHECK(code_of([&] { write_file(failing, "file", "text"); }) == ErrorCode::resource_exhausted);
  CHECK_FALSE(files.exists("file"));
  write_file(failing, "file", "text");
  CHECK(read_file(files, "file") == "text");
}

TEST_CASE("a process that was killed does nothing more") {
  cairn::testing::MemoryFileSystem files;
  SUBCASE("before the write") {
    cairn::testing::FaultyFileSystem killed(files, {.at = 2, .kind = cairn::testing::Fault::stop_before});
    CHECK(code_of([&] { write_file(killed, "file", "text"); }) == ErrorCode::unavailable);
    CHECK(read_file(files, "file").empty());
    CHECK(code_of([&] { killed.remove("file"); }) == ErrorCode::unavailable);
  }
  SUBCASE("after the write") {
    cairn::testing::FaultyFileSystem killed(files, {.at = 2, .kind = cairn::testing::Fault::stop_after});
    CHECK(code_of([&] { write_file(killed, "file", "text"); }) == ErrorCode::unavailable);
    CHECK(read_file(files, "file") == "text");
  }
  SUBCASE("within the write") {
    cairn::testing::FaultyFileSystem killed(files, {.at = 2, .kind = cairn::testing::Fault::stop_torn});
    CHECK(code_of([&] { write_file(killed, "file", "text"); }) == ErrorCode::unavailable);
    CHECK(read_file(files, "file") == "te");
  }
}

TEST_CASE("a second name is a call that can fail, too") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "file", "text");
  cairn::testing::FaultyFileSystem failing(files, {.at = 1});
  CHECK(code_of([&] { (void)failing.link("file", "other"); }) == ErrorCode::unavailable);
  CHECK_FALSE(files.exists("other"));
  CHECK(failing.link("file", "other"));
  CHECK(failing.open("other")->version() == files.open("file")->version());
}
