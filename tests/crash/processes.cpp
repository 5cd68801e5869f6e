// Real processes: killed at random while they save, polled by a reader while they rotate, and several at once.
#include <doctest/doctest.h>

#include <cairn/io/native.hpp>

#include "crash/scenarios.hpp"
#include "support/scratch.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using namespace cairn::test;

namespace {

[[nodiscard]] int count_of(const char* variable, int otherwise) {
  const char* const wanted = std::getenv(variable);
  return wanted != nullptr ? std::atoi(wanted) : otherwise;
}

// A child process that tells its parent numbers.
class Child {
 public:
  template <class Body>
  explicit Child(const Body& body) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0) {
      ::close(ends[0]);
      int status = 0;
      try {
        body([&](std::int64_t number) {
          if (::write(ends[1], &number, sizeof number) != sizeof number) ::_exit(3);
        });
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        status = 1;
      }
      ::_exit(status);
    }
    ::close(ends[1]);
    told_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (process_ > 0) kill();
    ::close(told_);
  }

  // The next number; nothing when the child has ended.
  [[nodiscard]] std::optional<std::int64_t> next() {
    std::int64_t number = 0;
    return ::read(told_, &number, sizeof number) == sizeof number ? std::optional(number) : std::nullopt;
  }
  void kill() {
    ::kill(process_, SIGKILL);
    (void)wait();
  }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return status;
  }

 private:
  pid_t process_ = 0;
  int told_ = -1;
};

Scenario rotating(std::int64_t keep, bool in_background, Durability durability) {
  return {"", 0, 0, keep, {.durability = durability, .enable_async = in_background}};
}

}  // namespace

TEST_CASE("a child that saves in a loop is killed again and again, and nothing that returned is ever lost") {
  const int kills = count_of("CAIRN_RANDOM_KILLS", 100);
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  add_foreign_files(io::native(), directory);
  std::mt19937_64 random(20261123);
  std::int64_t latest = 0;
  int in_a_save = 0;
  for (int i = 0; i < kills; ++i) {
    CAPTURE(i);
    const Scenario scenario = rotating(1 + i % 3, i % 2 == 1, i % 5 == 0 ? Durability::full : Durability::none);
    Child child([&](const auto& tell) { run_process(scenario, io::native(), directory, 1'000'000, tell); });
    Steps progress{latest, latest};
    // The moment is random within a save: after some saves, and some microseconds.
    for (std::uint64_t heard = random() % 12 + 1; heard > 0; --heard)
      if (const auto step = child.next()) note(progress, *step);
    ::usleep(static_cast<useconds_t>(random() % 3000));
    child.kill();
    while (const auto step = child.next()) note(progress, *step);
    in_a_save += progress.tried != progress.returned;
    latest = require_promises(io::native(), directory, progress);
  }
  // The next process removes all that the others left.
  run_process(rotating(1, false, Durability::none), io::native(), directory, 1, [](std::int64_t) {});
  require_clean(io::native(), directory);
  CHECK(in_a_save > 0);
  std::printf("random kills: %d processes, %d of them within a save, %lld saves\n", kills, in_a_save,
              static_cast<long long>(latest));
}

TEST_CASE("a reader that polls while a writer rotates never sees a torn checkpoint") {
  const int wanted = count_of("CAIRN_POLLED_READS", 10'000);
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  Child child([&](const auto&) {
    run_process(rotating(1, false, Durability::none), io::native(), directory, 1'000'000'000, [](std::int64_t) {});
  });
  int reads = 0, overtaken = 0;
  std::int64_t last = 0;
  CrashState state;
  Checkpoint checkpoint{state};
  while (reads < wanted) {
    const auto latest = latest_checkpoint(directory);
    if (!latest) continue;
    try {
      checkpoint.restore(*latest).assert_consumed();
      const bool is_sound = state.is_whole() && state.step >= last;
      if (!is_sound) FAIL_CHECK("a mixture of two checkpoints, or an older one than before");
      last = state.step;
      ++reads;
    } catch (const Error& error) {
      // The writer has deleted it since it was named: then another one is named by now.
      const bool is_overtaken = latest_checkpoint(directory) != latest;
      if (!is_overtaken) FAIL_CHECK(error.what());
      ++overtaken;
    }
  }
  child.kill();
  std::printf("polling reader: %d reads, 0 torn; %d more found their checkpoint deleted meanwhile\n", reads, overtaken);
}

TEST_CASE("of several processes that save to one directory one is at work at a time, and no number is used twice") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  add_foreign_files(io::native(), directory);
  std::vector<std::unique_ptr<Child>> children;
  for (int i = 0; i < 4; ++i)
    children.push_back(std::make_unique<Child>([&](const auto& tell) {
      for (int saved = 0; saved < 25;) {
        try {
          run_process(rotating(2, false, Durability::none), io::native(), directory, 1, [&](std::int64_t step) {
            if (step > 0) tell(step);
          });
          ++saved;
        } catch (const Error& error) {
          // Another one's turn; or it has deleted what was going to be restored.
          const bool is_expected = error.code() == ErrorCode::failed_precondition ||
                                   error.code() == ErrorCode::not_found || error.code() == ErrorCode::data_loss;
          if (!is_expected) throw;
          ::usleep(200);
        }
      }
    }));
  std::int64_t newest = 0;
  int saves = 0;
  for (auto& child : children) {
    while (const auto step = child->next()) {
      newest = std::max(newest, *step);
      ++saves;
    }
    CHECK(child->wait() == 0);
  }
  CHECK(saves == 100);
  Steps progress{newest, 0};
  require_promises(io::native(), directory, progress);
  require_clean(io::native(), directory);
  CHECK(cairn::checkpoint::detail::highest_number(io::native(), directory + "/ckpt") ==
        100);  // each save had a number of its own
  CHECK_FALSE(io::native().exists(directory + "/.cairn-lock"));
  std::printf("several processes: 4 of them, %d saves\n", saves);
}
