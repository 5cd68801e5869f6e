#include <cairn/testing/memory_file_system.hpp>

#include <doctest/doctest.h>

#include "io/files.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::read_file;
using cairn::test::write_file;

TEST_CASE("files in memory are written, listed, renamed and removed like the system's") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("a/b");
  write_file(files, "a/b/one", "1");
  write_file(files, "a/two", "22");
  CHECK(files.list_directory("a") == std::vector<std::string>{"b", "two"});
  CHECK(files.list_directory(".") == std::vector<std::string>{"a"});
  files.rename("a/two", "a/b/one");
  CHECK(read_file(files, "a/b/one") == "22");
  files.remove("a/b/one");
  CHECK_FALSE(files.exists("a/b/one"));
  CHECK(code_of([&] { (void)files.open("a/b/one"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { (void)files.create("none/file"); }) == ErrorCode::not_found);
  write_file(files, "file", "");
  CHECK(code_of([&] { (void)files.create("file"); }) == ErrorCode::already_exists);
  CHECK(code_of([&] { (void)files.create("file/below"); }) == ErrorCode::failed_precondition);
  std::array<std::byte, 1> out{};
  CHECK(code_of([&] { files.open("file")->read(0, out); }) == ErrorCode::data_loss);
}

TEST_CASE("a power cut takes names whose folder was not synced") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "kept", "1");
  files.sync_directory(".");
  write_file(files, "lost", "2");
  files.rename("kept", "renamed");
  files.cut_power();
  CHECK(files.list_directory(".") == std::vector<std::string>{"kept"});
  CHECK(read_file(files, "kept") == "1");
}

TEST_CASE("a power cut takes contents that were not synced") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "file", "text", /*sync=*/false);
  files.sync_directory(".");
  files.cut_power();
  CHECK(read_file(files, "file").empty());
}

TEST_CASE("a power cut takes folders whose name was not synced, unless they were made durable") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("a/b", cairn::Durability::full);
  files.create_directories("c/d");
  files.cut_power();
  CHECK(files.is_directory("a/b"));
  CHECK_FALSE(files.exists("c"));
}

TEST_CASE("a mapping shows what the file was when it was mapped") {
  cairn::testing::MemoryFileSystem files;
  const auto text_of = [](const io::Mapping& mapping) {
    return std::string(reinterpret_cast<const char*>(mapping.bytes.data()), mapping.bytes.size());
  };
  const auto written = files.create("file");
  written->write(0, std::as_bytes(std::span(std::string_view("text"))));
  const auto file = files.open("file");
  const io::Mapping before = file->map();
  written->write(0, std::as_bytes(std::span(std::string_view("next and longer"))));
  CHECK(text_of(before) == "text");
  CHECK(text_of(file->map()) == "next");
  CHECK(text_of(files.open("file")->map()) == "next and longer");
  files.sync_directory(".");
  files.cut_power();
  CHECK(text_of(before) == "text");
  CHECK(code_of([&] { (void)file->map(); }) == ErrorCode::data_loss);
}

TEST_CASE("two names in memory are one file, as the system has it") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "one", "1");
  REQUIRE(files.link("one", "two"));
  CHECK(files.open("one")->version() == files.open("two")->version());
  CHECK(code_of([&] { (void)files.link("one", "two"); }) == ErrorCode::already_exists);
  CHECK(code_of([&] { (void)files.link("none", "three"); }) == ErrorCode::not_found);
  files.rename("one", "two");  // nothing happens
  CHECK(files.exists("one"));
  files.remove("one");
  CHECK(read_file(files, "two") == "1");
  write_file(files, "one", "1");
  CHECK_FALSE(files.open("one")->version() == files.open("two")->version());
}

TEST_CASE("a power cut takes a second name whose folder was not synced, and no other") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "one", "1");
  files.sync_directory(".");
  REQUIRE(files.link("one", "two"));
  files.cut_power();
  CHECK(files.list_directory(".") == std::vector<std::string>{"one"});
  REQUIRE(files.link("one", "two"));
  files.sync_directory(".");
  files.remove("one");
  files.cut_power();
  CHECK(read_file(files, "one") == "1");
  CHECK(read_file(files, "two") == "1");
}
