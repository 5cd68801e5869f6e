#include <cairn/io/watched_file_system.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"
#include "support/stopping.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace cairn;
using namespace cairn::test;

TEST_CASE(
    "a std::stop_token stops reads, writes and new files, but not names, so that what is half done can be removed") {
  cairn::testing::MemoryFileSystem memory;
  write_file(memory, "a", "text");
  std::stop_source stop;
  io::WatchedFileSystem files(memory, {}, stop.get_token(), "copying \"a\"");
  const auto in = files.open("a");
  const auto out = files.create("b");
  CHECK(read_file(files, "a") == "text");
  stop.request_stop();
  CHECK(code_of([&] { (void)read_file(files, "a"); }) == ErrorCode::cancelled);
  std::byte byte{};
  CHECK(code_of([&] { in->read(0, {&byte, 1}); }) == ErrorCode::cancelled);
  CHECK(code_of([&] { out->write(0, {&byte, 1}); }) == ErrorCode::cancelled);
  CHECK(code_of([&] { out->sync(); }) == ErrorCode::cancelled);
  CHECK(code_of([&] { (void)files.create("c"); }) == ErrorCode::cancelled);
  CHECK(sentence_of([&] { out->sync(); }) ==
        "copying \"a\" was stopped, because a stop was requested; everything is as it was before");
  files.rename("b", "c");
  files.remove("c");
  CHECK(memory.list_directory(".") == std::vector<std::string>{"a"});
  files.finish();
  CHECK(read_file(files, "a") == "text");
}

TEST_CASE("bytes are counted from the first announcement on, in the thread that made the file system") {
  cairn::testing::MemoryFileSystem memory;
  write_file(memory, "a", "text");
  std::vector<Told> told;
  bool is_elsewhere = false;
  const std::thread::id here = std::this_thread::get_id();
  io::WatchedFileSystem files(
      memory,
      [&](const Progress& now) {
        is_elsewhere = is_elsewhere || std::this_thread::get_id() != here;
        told.push_back({now.bytes_done, now.bytes_in_all, std::string(now.what)});
      },
      {}, "reading", io::Counted::reads);
  CHECK(read_file(files, "a") == "text");
  CHECK(told.empty());
  files.expect(12);
  files.expect(5);  // 12 includes them
  CHECK(read_file(files, "a") == "text");
  std::thread([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(110));
    CHECK(read_file(files, "a") == "text");
  }).join();
  CHECK(told.size() == 1);  // the other thread does not tell, and of the first read it is too early to tell
  CHECK(read_file(files, "a") == "text");
  files.finish();
  CHECK(read_file(files, "a") == "text");
  REQUIRE(told.size() == 3);
  for (const Told& each : told) CHECK((each.bytes_in_all == 12 && each.what == "reading"));
  CHECK((told[0].bytes_done == 0 && told[1].bytes_done == 12 && told[2].bytes_done == 12));
  CHECK_FALSE(is_elsewhere);
}

TEST_CASE("an exception of the progress ends the work, unless the work cannot be undone any more") {
  cairn::testing::MemoryFileSystem memory;
  write_file(memory, "a", "text");
  const auto refuse = [](const Progress&) { throw std::runtime_error("no"); };
  io::WatchedFileSystem files(memory, refuse, {}, "reading");
  CHECK_THROWS_AS(files.expect(4), std::runtime_error);
  files.go_on(false);
  std::this_thread::sleep_for(std::chrono::milliseconds(110));
  CHECK(read_file(files, "a") == "text");
  files.finish();
}
