// SIGTERM and SIGINT: the next save writes, and says so; the program's own handlers stay in force.
#include <cairn/checkpoint/detail/signals.hpp>

#include <doctest/doctest.h>

#include <cairn/checkpoint/manager.hpp>

#include "checkpoint/states.hpp"

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

using Manager = CheckpointManager<CheckpointIn>;

volatile std::sig_atomic_t own_calls = 0;
void own_handler(int /*number*/) { own_calls = own_calls + 1; }

bool is_handled_by(void (*handler)(int)) {
  struct sigaction action{};
  ::sigaction(SIGTERM, nullptr, &action);
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == handler;
}

// The handler of SIGTERM that the test program is to have, for as long as it lives.
struct Handled {
  explicit Handled(void (*handler)(int)) : before(std::signal(SIGTERM, handler)) { own_calls = 0; }
  Handled(const Handled&) = delete;
  Handled& operator=(const Handled&) = delete;
  ~Handled() { std::signal(SIGTERM, before); }
  void (*before)(int);
};

struct Program {
  cairn::testing::MemoryFileSystem files;
  std::int64_t step = 0;
  CheckpointIn checkpoint{files, "step"_a = step};
};

}  // namespace

TEST_CASE("after a signal the next save writes whatever the interval says, once, and the manager says which came") {
  const Handled handled(&own_handler);
  Program program;
  Manager manager(program.checkpoint, "d",
                  {.step_counter = program.step, .checkpoint_interval = 100, .save_on_signal = true});
  CHECK(manager.save() == "d/ckpt-1");
  program.step = 1;
  CHECK(manager.save() == std::nullopt);
  CHECK(manager.signal() == std::nullopt);
  ::raise(SIGTERM);
  CHECK(own_calls == 1);
  CHECK(manager.signal() == SIGTERM);
  CHECK(manager.save({.enable_async = true}) == "d/ckpt-2");
  CHECK(manager.latest_checkpoint() == "d/ckpt-2");  // complete, although in the background
  CHECK(manager.save() == std::nullopt);
  CHECK(manager.signal() == SIGTERM);
}

TEST_CASE("a save after a signal that fails is not the one: the next writes again") {
  const Handled handled(&own_handler);
  Program program;
  Manager manager(program.checkpoint, "d", {.save_interval_secs = 1000.0, .save_on_signal = true});
  manager.save();
  ::raise(SIGTERM);
  CheckpointOptions failing;
  failing.write_callbacks = {[] { throw Error(ErrorCode::unavailable, "no"); }};
  CHECK_THROWS_AS(manager.save(failing), Error);
  CHECK(manager.save() == "d/ckpt-3");
}

TEST_CASE("handlers are back when the last manager that listens ends; what is ignored stays ignored") {
  Program program;
  {
    const Handled handled(&own_handler);
    {
      Manager first(program.checkpoint, "d", {.save_on_signal = true});
      {
        const Manager second(program.checkpoint, "e", {.save_on_signal = true});
        CHECK_FALSE(is_handled_by(&own_handler));
      }
      CHECK_FALSE(is_handled_by(&own_handler));
      const Manager moved(std::move(first));
      ::raise(SIGTERM);
      CHECK(moved.signal() == SIGTERM);
    }
    CHECK(is_handled_by(&own_handler));
    const Manager next(program.checkpoint, "d", {.save_on_signal = true});
    CHECK(next.signal() == std::nullopt);  // that was before its time
    std::signal(SIGTERM, SIG_IGN);         // the program's own wish: stays
  }
  const Handled ignored(SIG_IGN);
  const Manager manager(program.checkpoint, "d", {.save_on_signal = true});
  CHECK(is_handled_by(SIG_IGN));
  ::raise(SIGTERM);
  CHECK(manager.signal() == std::nullopt);
}

TEST_CASE("without the option nothing listens") {
  const Handled handled(&own_handler);
  Program program;
  const Manager manager(program.checkpoint, "d");
  CHECK(is_handled_by(&own_handler));
  CHECK(manager.signal() == std::nullopt);
}

TEST_CASE("a second signal of the same kind ends the program as if nobody had listened") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    Program program;
    const Manager manager(program.checkpoint, "d", {.save_on_signal = true});
    ::raise(SIGTERM);
    ::raise(SIGINT);  // another kind
    if (manager.signal() != SIGINT) ::_exit(1);
    ::raise(SIGTERM);
    ::_exit(2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGTERM);
}
