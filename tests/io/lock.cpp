// The lock of a folder: one owner, named in the refusal, gone with its process.
#include <cairn/io/detail/posix_lock.hpp>

#include <doctest/doctest.h>

#include <cairn/io/native.hpp>
#include <cairn/testing/faulty_file_system.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"
#include "support/scratch.hpp"

#include <cerrno>
#include <csignal>
#include <string>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using namespace cairn::test;

namespace {

// The same in memory and on the disk.
template <class Body>
void on_each(Body body) {
  cairn::testing::MemoryFileSystem memory;
  memory.create_directory("d");
  body(memory, std::string("d/.lock"));
  const ScratchDirectory scratch;
  body(io::posix(), (scratch.path() / ".lock").string());
}

}  // namespace

TEST_CASE("a lock is given once, says who has it, and can be had again after it is given back") {
  on_each([](io::FileSystem& files, const std::string& path) {
    auto first = files.lock(path, "first owner\n");
    CHECK(read_file(files, path) == "first owner\n");
    const std::string refusal = sentence_of([&] { (void)files.lock(path, "second"); });
    CHECK(refusal.find("is held by first owner;") != std::string::npos);
    CHECK(code_of([&] { (void)files.lock(path, "second"); }) == ErrorCode::failed_precondition);
    CHECK(read_file(files, path) == "first owner\n");
    first.reset();
    const auto second = files.lock(path, "2");
    CHECK(read_file(files, path) == "2");
  });
}

TEST_CASE(
    "an owner that removes the file before it gives the lock back leaves nothing, and the next one makes its own") {
  on_each([](io::FileSystem& files, const std::string& path) {
    auto first = files.lock(path, "first");
    files.remove(path);
    first.reset();
    CHECK_FALSE(files.exists(path));
    const auto second = files.lock(path, "second");
    CHECK(code_of([&] { (void)files.lock(path, "third"); }) == ErrorCode::failed_precondition);
  });
}

TEST_CASE("the file of a lock says who has it, and nothing of whoever had it before") {
  on_each([](io::FileSystem& files, const std::string& path) {
    write_file(files, path, "a long line of an owner who was killed\nand another\n");
    const auto held = files.lock(path, "2\n");
    CHECK(read_file(files, path) == "2\n");
  });
}

TEST_CASE("a lock knows that its file is gone, or another one") {
  on_each([](io::FileSystem& files, const std::string& path) {
    const auto first = files.lock(path, "first");
    CHECK(first->is_in_place());
    files.remove(path);
    CHECK_FALSE(first->is_in_place());
    write_file(files, path, "first");
    CHECK_FALSE(first->is_in_place());
  });
}

TEST_CASE("a lock's file that is a link, a pipe or a folder is refused, and what it leads to stays as it is") {
  const ScratchDirectory scratch;
  const std::string precious = (scratch.path() / "precious").string();
  write_file(io::posix(), precious, "mine");
  const std::string link = (scratch.path() / "link").string(), pipe = (scratch.path() / "pipe").string();
  REQUIRE(::symlink(precious.c_str(), link.c_str()) == 0);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& path : {link, pipe, scratch.path().string()})
    CHECK(code_of([&] { (void)io::posix().lock(path, "me"); }) == ErrorCode::failed_precondition);
  for (const std::string& path : {link, pipe})
    CHECK(sentence_of([&] { (void)io::posix().lock(path, "me"); }) ==
          "the lock \"" + path +
              "\" is a link, a pipe or a device, and not the plain file that only a lock's owner writes; remove it");
  CHECK(read_file(io::posix(), precious) == "mine");
}

TEST_CASE("text of a lock's file that cannot be printed does not get into the refusal") {
  cairn::testing::MemoryFileSystem files;
  const auto held = files.lock(".lock", "a\x1b[2Jb\n\n");
  CHECK(sentence_of([&] { (void)files.lock(".lock", ""); }).find("held by a [2Jb;") != std::string::npos);
}

TEST_CASE("where the folder is missing or a folder has the name, there is no lock") {
  on_each([](io::FileSystem& files, const std::string& path) {
    CHECK(code_of([&] { (void)files.lock(path + "/x/y", ""); }).has_value());
    files.create_directory(path);
    CHECK(code_of([&] { (void)files.lock(path, ""); }) == ErrorCode::failed_precondition);
  });
}

TEST_CASE("a lock that cannot be taken because the disk refuses is an Error") {
  cairn::testing::MemoryFileSystem below;
  cairn::testing::FaultyFileSystem files(below, {.at = 1, .number = ENOSPC});
  CHECK(code_of([&] { (void)files.lock(".lock", ""); }) == ErrorCode::resource_exhausted);
}

TEST_CASE("the lock of a process that is killed is free at once, and its file is taken over") {
  const ScratchDirectory scratch;
  const std::string path = (scratch.path() / ".lock").string();
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto held = io::posix().lock(path, "the child");
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK(sentence_of([&] { (void)io::posix().lock(path, "me"); }).find("held by the child") != std::string::npos);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const auto held = io::posix().lock(path, "me");
  CHECK(read_file(io::posix(), path) == "me");
  ::close(ready[0]);
  ::close(ready[1]);
}
