#include <cairn/io/native.hpp>

#include <doctest/doctest.h>

#include "io/files.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::read_file;
using cairn::test::sentence_of;
using cairn::test::write_file;

TEST_CASE("a file that was written is read back, at any offset") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "name with spaces";
  const std::string text(3'000'000, 'x');
  write_file(io::posix(), path, text + "end");
  CHECK(read_file(io::posix(), path) == text + "end");
  const auto file = io::posix().open(path);
  CHECK(file->size() == text.size() + 3);
  std::array<std::byte, 3> end{};
  file->read(text.size(), end);
  CHECK(static_cast<char>(end[2]) == 'd');
}

TEST_CASE("a file is read into memory wherever that lies to the bytes in their pages") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "pages";
  std::string text(100'000, ' ');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('!' + i * i % 91);
  write_file(io::posix(), path, text);
  const auto file = io::posix().open(path);
  std::vector<char> memory(text.size() + 8192);
  const auto page = (4096 - reinterpret_cast<std::uintptr_t>(memory.data()) % 4096) % 4096;
  for (const std::size_t behind : {0u, 1u, 16u, 31u, 32u, 4095u})
    for (const std::size_t offset : {0u, 5u, 4080u})
      for (const std::size_t size : {std::size_t{100}, std::size_t{4096}, std::size_t{50'000}, text.size() - offset}) {
        std::fill(memory.begin(), memory.end(), '\0');
        const std::size_t begin = page + (behind + offset) % 4096;
        file->read(offset, std::as_writable_bytes(std::span(memory)).subspan(begin, size));
        CHECK(std::string_view(memory.data() + begin, size) == std::string_view(text).substr(offset, size));
        CHECK(memory[begin + size] == '\0');
        CHECK((begin == 0 || memory[begin - 1] == '\0'));
      }
  try {
    file->read(50, std::as_writable_bytes(std::span(memory)).subspan(page + 50 + 16, text.size()));
    FAIL("the file ends before");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == ErrorCode::data_loss);
    CHECK(error.offset() == text.size());
    CHECK(std::string(error.what()).find("50 more bytes") != std::string::npos);
  }
}

TEST_CASE("reading beyond the end of a file is data_loss with the offset at which it ends") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "short";
  write_file(io::posix(), path, "12345");
  std::array<std::byte, 4> out{};
  try {
    io::posix().open(path)->read(3, out);
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == ErrorCode::data_loss);
    CHECK(error.offset() == 5);
    CHECK(error.file() == path);
  }
}

TEST_CASE("a name that is taken is never opened for writing") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "taken";
  write_file(io::posix(), path, "first");
  CHECK(code_of([&] { (void)io::posix().create(path); }) == ErrorCode::already_exists);
  CHECK(read_file(io::posix(), path) == "first");
}

TEST_CASE("space may be reserved for a file before it is written") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "reserved";
  const auto file = io::posix().create(path);
  file->reserve(5);
  file->write(3, std::as_bytes(std::span("45", 2)));
  file->write(0, std::as_bytes(std::span("123", 3)));
  file->sync();
  file->close();
  CHECK(read_file(io::posix(), path) == "12345");
}

TEST_CASE("renaming replaces the file of that name") {
  const cairn::test::ScratchDirectory scratch;
  const std::string from = scratch.path() / "from";
  const std::string to = scratch.path() / "to";
  write_file(io::posix(), from, "new");
  write_file(io::posix(), to, "old");
  io::posix().rename(from, to);
  CHECK(read_file(io::posix(), to) == "new");
  CHECK_FALSE(io::posix().exists(from));
  io::posix().sync_directory(scratch.path());
}

TEST_CASE("folders are made with everything that is missing above them") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "a/b/c";
  io::posix().create_directories(path, cairn::Durability::full);
  CHECK(io::posix().is_directory(path));
  io::posix().create_directories(path + "/");
  CHECK_FALSE(io::posix().create_directory(path));
  write_file(io::posix(), path + "/z", "");
  write_file(io::posix(), path + "/y", "");
  CHECK(io::posix().list_directory(path) == std::vector<std::string>{"y", "z"});
}

TEST_CASE("what is missing, a folder or a file in the wrong place is told apart") {
  const cairn::test::ScratchDirectory scratch;
  const std::string folder = scratch.path();
  const std::string file = scratch.path() / "file";
  write_file(io::posix(), file, "text");
  CHECK(code_of([&] { (void)io::posix().open(folder + "/none"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { (void)io::posix().create(folder + "/none/file"); }) == ErrorCode::not_found);
  CHECK(sentence_of([&] { (void)io::posix().open(folder); }) ==
        "cannot read \"" + folder + "\": Is a directory; a folder is where a file should be");
  CHECK(code_of([&] { (void)io::posix().open(file + "/below"); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { io::posix().create_directories(file + "/below"); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { (void)io::posix().create_directory(file); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { (void)io::posix().create_directory(folder + "/none/below"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { io::posix().remove(folder + "/none"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { io::posix().rename(folder + "/none", file); }) == ErrorCode::not_found);
  CHECK(code_of([&] { (void)io::posix().list_directory(folder + "/none"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { io::posix().sync_directory(folder + "/none"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { (void)io::posix().create(folder + "/" + std::string(300, 'n')); }) ==
        ErrorCode::invalid_argument);
  CHECK_FALSE(io::posix().exists(folder + "/none"));
  CHECK_FALSE(io::posix().exists(file + "/below"));
  CHECK_FALSE(io::posix().is_directory(file));
}

TEST_CASE("a file is removed if it is there, and a name that cannot be one is refused") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "file";
  write_file(io::posix(), path, "text");
  CHECK(io::posix().remove_if_there(path));
  CHECK_FALSE(io::posix().exists(path));
  CHECK_FALSE(io::posix().remove_if_there(path));
  CHECK(code_of([&] { io::posix().remove_if_there(path + std::string("\0", 1)); }) == ErrorCode::invalid_argument);
}

TEST_CASE("a pipe in a file's place is refused, and nobody waits for its other end") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(code_of([&] { (void)io::posix().open(path); }) == ErrorCode::failed_precondition);
}

TEST_CASE("a path with a NUL byte is nobody's: the file that is called like its beginning is left alone") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "file";
  write_file(io::posix(), path, "text");
  const std::string longer = path + std::string("\0.index", 7);
  CHECK_FALSE(io::posix().exists(longer));
  CHECK(code_of([&] { io::posix().remove(longer); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { io::posix().rename(longer, path + "2"); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { io::posix().rename(path, longer); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)io::posix().open(longer); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)io::posix().create(longer); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)io::posix().lock(longer, "me"); }) == ErrorCode::invalid_argument);
  CHECK(read_file(io::posix(), path) == "text");
}

TEST_CASE("a folder that may not be written is permission_denied") {
  const cairn::test::ScratchDirectory scratch;
  std::filesystem::permissions(scratch.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  // Root may write everywhere: for these lines it is somebody else, to whom the folder is closed.
  const bool is_root = ::geteuid() == 0;
  if (is_root) REQUIRE(::seteuid(65534) == 0);
  const auto code = code_of([&] { (void)io::posix().create(scratch.path() / "file"); });
  if (is_root) REQUIRE(::seteuid(0) == 0);
  CHECK(code == ErrorCode::permission_denied);
}

TEST_CASE("a full disk is resource_exhausted") {
  if (!std::filesystem::exists("/dev/full")) return cairn::test::skip("this system has no /dev/full");
  const int number = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(number >= 0);
  cairn::io::detail::PosixWritableFile file(number, "/dev/full");
  CHECK(code_of([&] { file.write(0, std::as_bytes(std::span("text", 4))); }) == ErrorCode::resource_exhausted);
}

TEST_CASE("a mapped file is there as long as its mapping, whatever becomes of its name") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "file";
  write_file(io::posix(), path, "text");
  write_file(io::posix(), path + ".new", "other");
  io::Mapping mapping = io::posix().open(path)->map();
  io::posix().rename(path + ".new", path);
  io::posix().remove(path);
  REQUIRE(mapping.owner != nullptr);
  const io::Mapping copy = mapping;
  mapping = {};
  CHECK(std::string(reinterpret_cast<const char*>(copy.bytes.data()), copy.bytes.size()) == "text");
}

TEST_CASE("an empty file is mapped, too, and one that was cut since it was opened is data_loss") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "file";
  write_file(io::posix(), path, "");
  const io::Mapping mapping = io::posix().open(path)->map();
  CHECK(mapping.owner != nullptr);
  CHECK(mapping.bytes.empty());
  write_file(io::posix(), path + "2", "12345");
  const auto file = io::posix().open(path + "2");
  std::filesystem::resize_file(path + "2", 3);
  CHECK(code_of([&] { (void)file->map(); }) == ErrorCode::data_loss);
}

TEST_CASE("a file has two names, and is written anew where it cannot") {
  const cairn::test::ScratchDirectory scratch;
  io::FileSystem& files = io::posix();
  const std::string one = scratch.path() / "one", two = scratch.path() / "two";
  write_file(files, one, "1");
  REQUIRE(files.link(one, two));
  CHECK(std::filesystem::hard_link_count(one) == 2);
  CHECK(files.open(one)->version() == files.open(two)->version());
  CHECK(code_of([&] { (void)files.link(one, two); }) == ErrorCode::already_exists);
  CHECK(code_of([&] { (void)files.link(scratch.path() / "none", scratch.path() / "three"); }) == ErrorCode::not_found);
  files.remove(one);
  CHECK(read_file(files, two) == "1");
  CHECK_FALSE(files.link(scratch.path(), scratch.path() / "folder"));  // EPERM: no folder has two
  if (std::filesystem::exists("/dev/shm") && std::filesystem::hard_link_count(two) == 1) {
    const std::string elsewhere = "/dev/shm/cairn-test-" + std::to_string(::getpid());
    struct stat here{}, there{};
    REQUIRE(::stat(two.c_str(), &here) == 0);
    REQUIRE(::stat("/dev/shm", &there) == 0);
    if (here.st_dev != there.st_dev) CHECK_FALSE(files.link(two, elsewhere));  // EXDEV
  }
}

TEST_CASE("a file that is written to, or is another one of that name, has another version") {
  const cairn::test::ScratchDirectory scratch;
  io::FileSystem& files = io::posix();
  const std::string path = scratch.path() / "file";
  write_file(files, path, "1");
  const io::FileVersion before = files.open(path)->version();
  CHECK(files.open(path)->version() == before);
  std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
  CHECK_FALSE(files.open(path)->version() == before);
  write_file(files, path + "-new", "1");
  files.rename(path + "-new", path);
  CHECK_FALSE(files.open(path)->version() == before);
}
