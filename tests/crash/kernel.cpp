// The same against the real kernel: a child that ends at its k-th system call, files that may not grow, a full disk.
#include <doctest/doctest.h>

#include <cairn/io/native.hpp>

#include "crash/scenarios.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using namespace cairn::test;

namespace {

const Scenario& rotation() {
  static const Scenario scenario{"", 2, 1, 1, {.durability = Durability::none}};
  return scenario;
}

void prepare(const std::string& directory) {
  add_foreign_files(io::native(), directory);
  run_process(rotation(), io::native(), directory, rotation().before, [](std::int64_t) {});
}

// Runs `body` in a child and kills it when it has come to its `stop`-th entry into or return from a system call.
// Returns at how many it was when it ended by itself, nothing when it was killed; -1 when it may not be watched.
template <class Body>
std::optional<int> killed_at(int stop, const Body& body) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(77);
    ::raise(SIGSTOP);
    try {
      body();
    } catch (const Error&) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) return -1;
  for (int stops = 1;; ++stops) {
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status)) {
      CHECK(WEXITSTATUS(status) == 0);
      return stops;
    }
    if (stops == stop) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return std::nullopt;
    }
  }
}

// Saves once into what prepare() made; the outcome keeps every promise, and so does the save after it.
void save_and_require(const std::string& directory, int& refused) {
  const std::int64_t before = require_promises(io::native(), directory, {1'000'000, 0});
  Steps progress{before, before};
  try {
    run_process(rotation(), io::native(), directory, 1, [&](std::int64_t step) { note(progress, step); });
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::resource_exhausted);
    ++refused;
  }
  (void)require_promises(io::native(), directory, progress);
}

}  // namespace

TEST_CASE("a child that is killed at any of its system calls leaves what was promised") {
  int kills = 0;
  for (int stop = 1;; ++stop) {
    CAPTURE(stop);
    const ScratchDirectory scratch;
    const std::string directory = (scratch.path() / "d").string();
    prepare(directory);
    const auto stops = killed_at(
        stop, [&] { run_process(rotation(), io::native(), directory, rotation().saves, [](std::int64_t) {}); });
    if (stops == -1) return skip("this machine lets no process watch its child (ptrace)");
    if (stops) break;
    ++kills;
    const std::int64_t latest = require_promises(io::native(), directory, {3, 2});
    Steps next{latest, latest};
    run_process(rotation(), io::native(), directory, 1, [&](std::int64_t step) { note(next, step); });
    CHECK(require_promises(io::native(), directory, next) == latest + 1);
    require_clean(io::native(), directory);
  }
  CHECK(kills > 50);
  std::printf("real kernel: %d children killed, each at another system call\n", kills);
}

TEST_CASE("files that the system does not let grow refuse a save and lose nothing") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  prepare(directory);
  struct rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  void (*const handler)(int) = std::signal(SIGXFSZ, SIG_IGN);
  int refused = 0, limits = 0;
  // As doctest and the counting write to files, too, the limit is on only while it saves.
  for (rlim_t bytes = 0; bytes <= 4096; bytes += 64, ++limits) {
    const std::int64_t latest = require_promises(io::native(), directory, {1'000'000, 0});
    Steps progress{latest, latest};
    std::optional<ErrorCode> code;
    struct rlimit limit = before;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    code = code_of(
        [&] { run_process(rotation(), io::native(), directory, 1, [&](std::int64_t step) { note(progress, step); }); });
    ::setrlimit(RLIMIT_FSIZE, &before);
    if (code) {
      CHECK(code == ErrorCode::resource_exhausted);
      ++refused;
    }
    (void)require_promises(io::native(), directory, progress);
  }
  std::signal(SIGXFSZ, handler);
  CHECK(refused > 10);
  CHECK(refused < limits);
  int none = 0;
  save_and_require(directory, none);
  CHECK(none == 0);
  std::printf("files that may not grow: %d limits, %d saves refused\n", limits, refused);
}

// In a child that has a file system of its own; see the next one.
TEST_CASE("inside a small disk" * doctest::skip()) {
  const char* const disk = std::getenv("CAIRN_SMALL_DISK");
  if (disk == nullptr) return;
  const std::string directory = std::string(disk) + "/d", ballast = std::string(disk) + "/ballast";
  prepare(directory);
  int refused = 0, fillings = 0;
  for (int pages = 0; pages <= 12; ++pages, ++fillings) {
    CAPTURE(pages);
    {  // fills the disk but for so many pages
      const int file = ::open(ballast.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      const std::string page(4096, 'x');
      ::off_t size = 0;
      while (::write(file, page.data(), page.size()) == static_cast<::ssize_t>(page.size())) size += 4096;
      CHECK(::ftruncate(file, std::max<::off_t>(0, size - 4096 * pages)) == 0);
      ::close(file);
    }
    save_and_require(directory, refused);
    ::unlink(ballast.c_str());
    int none = 0;
    save_and_require(directory, none);
    CHECK(none == 0);
  }
  CHECK(refused > 0);
  CHECK(refused < fillings);
  std::printf("full disk: %d fillings of a tmpfs, %d saves refused\n", fillings, refused);
}

TEST_CASE("a disk that is full refuses a save, loses nothing, and takes the next one when there is room again") {
  const ScratchDirectory scratch;
  const std::string disk = scratch.path().string();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0) ::_exit(77);
    ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    if (::mount("none", disk.c_str(), "tmpfs", 0, "size=256k") != 0) ::_exit(77);
    ::unsetenv("CAIRN_TEST_COUNTS");
    ::setenv("CAIRN_SMALL_DISK", disk.c_str(), 1);
    ::execl("/proc/self/exe", "test_crash", "--no-skip", "--test-case=inside a small disk", nullptr);
    ::_exit(78);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77)
    std::printf(
        "full disk: this machine mounts no tmpfs for us; the limit on files' sizes and the faults in memory "
        "are what shows it here\n");
  else
    CHECK(WEXITSTATUS(status) == 0);
}
