#include <cairn/io/publish.hpp>

#include <doctest/doctest.h>

#include <cairn/io/native.hpp>
#include <cairn/testing/faulty_file_system.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"
#include "support/counting_files.hpp"
#include "support/scratch.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace io = cairn::io;
using cairn::Durability;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::read_file;
using cairn::test::write_file;

TEST_CASE("a temporary name is known as ours and taken for nothing else") {
  CHECK(io::is_temporary(io::temporary_path("training/ckpt-1.index")));
  CHECK(io::temporary_path("a") != io::temporary_path("a"));
  CHECK(io::parent_directory(io::temporary_path("training/ckpt-1.index")) == "training");
  for (const char* const name :
       {"ckpt-1.index", "checkpoint", "ckpt-1.data-00000-of-00001", "ckpt.cairn-tmp-", "x.cairn-tmp-1",
        "x.cairn-tmp-1-", "x.cairn-tmp--1", "x.cairn-tmp-1-2-3", "x.cairn-tmp-1-2.index", ".cairn-tmp-1-2"})
    CHECK_FALSE(io::is_temporary(name));
}

TEST_CASE("the temporary name of a name as long as names may be is no longer than that") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / std::string(255, 'n');
  io::write_file_atomically(io::posix(), path, "text", Durability::full);
  CHECK(read_file(io::posix(), path) == "text");
  std::string umlauts;
  while (umlauts.size() < 254) umlauts += "\xc3\xa4";
  const std::string temporary = io::temporary_path(umlauts);
  CHECK(temporary.size() <= 255);
  CHECK(io::is_temporary(temporary));
  CHECK(temporary.rfind("\xa4.cairn-tmp-") != std::string::npos);  // no character is cut in two
}

TEST_CASE("a file that is replaced atomically has the new content and leaves nothing beside it") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "checkpoint";
  io::write_file_atomically(io::posix(), path, "old", Durability::full);
  io::write_file_atomically(io::posix(), path, "new", Durability::none);
  CHECK(read_file(io::posix(), path) == "new");
  CHECK(io::posix().list_directory(scratch.path()) == std::vector<std::string>{"checkpoint"});
}

TEST_CASE("whichever call fails, the file is the old or the new one, and no temporary file stays") {
  cairn::testing::MemoryFileSystem counted_files;
  cairn::testing::FaultyFileSystem counted(counted_files);
  io::write_file_atomically(counted, "file", "new", Durability::full);
  for (std::uint64_t at = 1; at <= counted.calls(); ++at) {
    CAPTURE(at);
    cairn::testing::MemoryFileSystem files;
    write_file(files, "file", "old");
    cairn::testing::FaultyFileSystem failing(files, {.at = at});
    CHECK_THROWS_AS(io::write_file_atomically(failing, "file", "new", Durability::full), cairn::Error);
    CHECK(files.list_directory(".") == std::vector<std::string>{"file"});
    CHECK(read_file(files, "file") == (at == counted.calls() ? "new" : "old"));
  }
}

TEST_CASE("whenever the process is killed or power is lost, the file is the old or the new one") {
  cairn::testing::MemoryFileSystem counted_files;
  cairn::testing::FaultyFileSystem counted(counted_files);
  io::write_file_atomically(counted, "file", "new", Durability::full);
  for (const cairn::testing::Fault kind :
       {cairn::testing::Fault::stop_before, cairn::testing::Fault::stop_after, cairn::testing::Fault::stop_torn})
    for (std::uint64_t at = 1; at <= counted.calls() + 1; ++at) {
      CAPTURE(at);
      cairn::testing::MemoryFileSystem files;
      write_file(files, "file", "old");
      files.sync_directory(".");
      cairn::testing::FaultyFileSystem killed(files, {.at = at, .kind = kind});
      bool returned = false;
      try {
        io::write_file_atomically(killed, "file", "new", Durability::full);
        returned = true;
      } catch (const cairn::Error&) {}
      const auto is_whole = [&] {
        const std::string content = read_file(files, "file");
        return content == "new" || (content == "old" && !returned);
      };
      CHECK(is_whole());
      files.cut_power();
      CHECK(is_whole());
    }
}

TEST_CASE("another process' leftover of the same name is stepped over") {
  cairn::testing::MemoryFileSystem files;
  const std::string next = io::temporary_path("file");  // the counter's next value is one more than this one's
  const std::size_t dash = next.rfind('-');
  const std::string taken = next.substr(0, dash + 1) + std::to_string(std::stoull(next.substr(dash + 1)) + 1);
  write_file(files, taken, "not ours");
  io::write_file_atomically(files, "file", "new", Durability::full);
  CHECK(read_file(files, "file") == "new");
  CHECK(read_file(files, taken) == "not ours");
}

TEST_CASE("a second name is temporary until it is renamed, also over the same file") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "old", "text");
  CHECK(io::TemporaryFile::of_existing(files, "none", "new") == nullptr);
  (void)io::TemporaryFile::of_existing(files, "old", "new");
  CHECK(files.list_directory(".") == std::vector<std::string>{"old"});
  for (int i = 0; i < 2; ++i) {
    const auto link = io::TemporaryFile::of_existing(files, "old", "new");
    REQUIRE(link != nullptr);
    CHECK(io::is_temporary(link->path()));
    link->rename_to("new");
    CHECK(files.list_directory(".") == std::vector<std::string>{"new", "old"});
    CHECK(read_file(files, "new") == "text");
  }
}

namespace {

::mode_t mode_of(const std::string& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE("a file that replaces another one has its permissions from the beginning, and a new one those of the umask") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = (scratch.path() / "file").string(), other = (scratch.path() / "other").string();
  const ::mode_t before = ::umask(022);
  io::write_file_atomically(io::posix(), path, "old", Durability::none);
  CHECK(mode_of(path) == 0644);
  for (const ::mode_t mode : {0600u, 0400u, 0664u, 0640u}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    {
      const io::TemporaryFile temporary(io::posix(), path);
      CHECK(mode_of(temporary.path()) == mode);
    }
    io::write_file_atomically(io::posix(), path, "new", Durability::none);
    CHECK(mode_of(path) == mode);
  }
  const io::TemporaryFile like(io::posix(), other, path);
  CHECK(mode_of(like.path()) == 0640);
  ::umask(before);
}

TEST_CASE("where files have no second names, a copy has the temporary name") {
  cairn::testing::MemoryFileSystem memory;
  cairn::test::CountingFileSystem files(memory);
  files.can_link = false;
  io::write_file_atomically(files, "file", "bytes", Durability::none);
  std::string second;
  io::write_file_atomically(files, "file", "text", Durability::none, &second);
  CHECK(io::is_temporary(second));
  CHECK(cairn::test::read_file(files, second) == "text");
  CHECK(cairn::test::read_file(files, "file") == "text");
  CHECK(io::TemporaryFile::second_of(files, "none", "none") == nullptr);
  CHECK(io::is_temporary(io::nobodys_path(second)));
}

TEST_CASE(
    "a disk that refuses a second name, or to read what would be copied, is an Error and not a file that is gone") {
  cairn::testing::MemoryFileSystem memory;
  cairn::test::CountingFileSystem no_links(memory);
  no_links.can_link = false;
  write_file(memory, "file", "text");
  const auto refused = [](io::FileSystem& below, std::uint64_t at, auto make) {
    cairn::testing::FaultyFileSystem files(below, {.at = at});
    CHECK(code_of([&] { (void)make(files, "file", "file"); }) == ErrorCode::unavailable);
  };
  refused(memory, 1, &io::TemporaryFile::of_existing);
  refused(memory, 1, &io::TemporaryFile::second_of);
  refused(no_links, 1, &io::TemporaryFile::second_of);
  refused(no_links, 2, &io::TemporaryFile::second_of);  // to open the file
  refused(no_links, 3, &io::TemporaryFile::second_of);  // to read it
  CHECK(memory.list_directory(".") == std::vector<std::string>{"file"});
}
