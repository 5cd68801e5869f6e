// System calls that fail for reasons that no file, folder or limit of this machine gives them.
#include <cairn/io/native.hpp>

#include <doctest/doctest.h>

#include "io/files.hpp"
#include "support/data.hpp"
#include "support/failing_call.hpp"
#include "support/scratch.hpp"

#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/syscall.h>

namespace io = cairn::io;
using cairn::test::FailingCall;
using cairn::test::refusal_where;
using cairn::test::ScratchDirectory;
using cairn::test::skip;
using cairn::test::write_file;

namespace {

constexpr const char* no_filter = "this machine lets no process filter its system calls (seccomp)";
const std::string reason = ": Input/output error; the disk or the system failed; look into its log before trying again";

// By the version of the C library, fstat is the one or the other of these calls.
constexpr FailingCall fstat_fails{SYS_fstat, EIO}, fstatat_fails{SYS_newfstatat, EIO, 3, AT_EMPTY_PATH};

struct File {
  ScratchDirectory scratch;
  std::string path = (scratch.path() / "file").string();

  File() { write_file(io::posix(), path, "text", false); }
  [[nodiscard]] std::string cannot(const std::string& what) const {
    return "unavailable: cannot " + what + " \"" + path + "\"" + reason;
  }
};

}  // namespace

TEST_CASE("a file whose state, bytes or pages the system does not give is an Error") {
  const File file;
  const auto opened = refusal_where({fstat_fails, fstatat_fails}, [&](const auto& begin) {
    begin();
    (void)io::posix().open(file.path);
  });
  if (!opened) return skip(no_filter);
  CHECK(opened == file.cannot("ask for the size of"));
  CHECK(refusal_where({{SYS_pread64, EIO}}, [&](const auto& begin) {
          const auto open = io::posix().open(file.path);
          std::array<std::byte, 4> bytes{};
          begin();
          open->read(0, bytes);
        }) == file.cannot("read"));
  const auto map = [&](const auto& begin) {
    const auto open = io::posix().open(file.path);
    begin();
    if (open->map().owner == nullptr) throw cairn::Error(cairn::ErrorCode::internal, "no pages");
  };
  CHECK(refusal_where({fstat_fails, fstatat_fails}, map) == file.cannot("ask for the size of"));
  constexpr std::uint32_t no_file = 0xffffffff;  // memory without a file is mapped
  CHECK(refusal_where({{SYS_mmap, EIO, 4, no_file, false}}, map) == file.cannot("map"));
  CHECK(refusal_where({{SYS_mmap, ENODEV, 4, no_file, false}}, map) == "internal: no pages");
}

TEST_CASE("a file that the system does not write, reserve, sync or close is an Error") {
  const File file;
  const std::string path = file.path;
  const auto write = [&](const auto& begin) {
    io::posix().remove(path);
    const auto created = io::posix().create(path);
    begin();
    created->reserve(5);
    created->write(0, std::as_bytes(std::span("12345", 5)));
    created->sync();
    created->close();
    write_file(io::posix(), path + "-2", "");
  };
  const auto failing = [&](std::uint32_t number, int error) { return refusal_where({{number, error}}, write); };
  const auto written = failing(SYS_pwrite64, EIO);
  if (!written) return skip(no_filter);
  CHECK(written == file.cannot("write"));
  CHECK(failing(SYS_fallocate, EIO) == file.cannot("reserve 5 bytes for"));
  CHECK(failing(SYS_fallocate, ENOSPC) == "resource_exhausted: cannot reserve 5 bytes for \"" + path +
                                              "\": No space left on device; free some space, or choose another disk");
  CHECK(failing(SYS_fsync, EIO) == file.cannot("write to the disk (fsync)"));
  CHECK(failing(SYS_close, EIO) == file.cannot("close"));
  for (const auto& [number, error] : {std::pair(SYS_fallocate, EOPNOTSUPP), std::pair(SYS_close, EINTR)}) {
    CHECK(failing(static_cast<std::uint32_t>(number), error) == "");
    if (io::posix().exists(path + "-2")) io::posix().remove(path + "-2");
  }
}

TEST_CASE("a folder that the system does not list or sync is an Error, unless its file system cannot sync folders") {
  const File file;
  const std::string folder = file.scratch.path().string();
  const auto failing = [&](std::uint32_t number, int error) {
    return refusal_where({{number, error}}, [&](const auto& begin) {
      begin();
      io::posix().sync_directory(folder);
      (void)io::posix().list_directory(folder);
    });
  };
  const auto cannot = [&](const std::string& what) {
    return "unavailable: cannot " + what + " \"" + folder + "\"" + reason;
  };
  const auto listed = failing(SYS_getdents64, EIO);
  if (!listed) return skip(no_filter);
  CHECK(listed == cannot("list the folder"));
  CHECK(failing(SYS_fsync, EIO) == cannot("write to the disk (fsync) the folder"));
  CHECK(failing(SYS_fsync, EINVAL) == "");
}

TEST_CASE("a lock that the system does not take, look at or sign is an Error, and none without locks is everybody's") {
  const File file;
  const std::string path = file.path;
  const auto take = [&](const auto& begin) {
    begin();
    (void)io::posix().lock(path, "owner");
  };
  const auto look = [&](const auto& begin) {
    const auto lock = io::posix().lock(path, "owner");
    begin();
    (void)lock->is_in_place();
  };
  const auto taken = refusal_where({{SYS_flock, EIO}}, take);
  if (!taken) return skip(no_filter);
  CHECK(taken == file.cannot("lock"));
  CHECK(refusal_where({{SYS_flock, ENOLCK}}, take) == "");
  CHECK(refusal_where({fstat_fails, fstatat_fails}, take) == file.cannot("ask for the state of the lock"));
  CHECK(refusal_where({{SYS_pwrite64, EIO}}, take) == file.cannot("write"));
  CHECK(refusal_where({{SYS_ftruncate, EIO}}, take) == file.cannot("write"));
  CHECK(refusal_where({fstat_fails, fstatat_fails}, look) == file.cannot("ask for the state of the lock"));
  CHECK(refusal_where({{SYS_newfstatat, EIO, 3, 0}}, look) == file.cannot("look for the lock"));
}
