// Saves in the background: the state at the time of the call, one at a time, and no failure lost.
#include <cairn/checkpoint/detail/save/background_saves.hpp>

#include <doctest/doctest.h>

#include <cairn/checkpoint/manager.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "checkpoint/states.hpp"
#include "support/scratch.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

using Manager = CheckpointManager<CheckpointIn>;

struct State {
  Variable<float, 256> weights;
  std::vector<std::string> notes{"first"};
  std::int64_t step = 0;
};

// A door that the thread in the background waits at.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

CheckpointOptions async(std::vector<WriteCallback> callbacks = {}) {
  return {.enable_async = true, .write_callbacks = std::move(callbacks)};
}

}  // namespace

TEST_CASE("a save in the background is the state at the time of the call, and the same bytes as one that waits") {
  cairn::testing::MemoryFileSystem files;
  State state;
  CheckpointIn checkpoint(files, state);
  state.weights.data()[7] = 1.5f;
  CHECK(checkpoint.save("d/ckpt", async()) == "d/ckpt-1");
  state.weights.data()[7] = 9;
  state.notes = {"second", "longer than it was before, and two of them"};
  state.step = 5;
  checkpoint.sync();

  State again;
  CheckpointIn other(files, again);
  other.restore("d/ckpt-1").assert_consumed();
  CHECK(again.weights(7) == 1.5f);
  CHECK(again.notes == std::vector<std::string>{"first"});
  CHECK(other.save("d/other") == "d/other-2");
  again.step = 0;
  cairn::testing::MemoryFileSystem waiting;
  CheckpointIn third(waiting, again);
  third.save("d/ckpt");
  for (const auto* const name : {"d/ckpt-1.index", "d/ckpt-1.data-00000-of-00001"})
    CHECK(read_file(waiting, name) == read_file(files, name));
}

TEST_CASE("the counter that is stored is the number of the files, where TensorFlow's stores 0") {
  cairn::testing::MemoryFileSystem files;
  State state;
  CheckpointIn checkpoint(files, state);
  Manager manager(checkpoint, "d");
  for (const auto* const path : {"d/ckpt-1", "d/ckpt-2", "d/ckpt-3"}) CHECK(manager.save(async()) == path);
  manager.sync();
  State later;
  CheckpointIn other(files, later);
  Manager next(other, "d");
  CHECK(next.restore_or_initialize() == "d/ckpt-3");
  CHECK(other.save_counter() == 3);
}

TEST_CASE("while a save is under way the latest is the one before it; a restore, sync and the next save wait") {
  cairn::testing::MemoryFileSystem files;
  State state;
  CheckpointIn checkpoint(files, state);
  Manager manager(checkpoint, "d", {.max_to_keep = 1});
  manager.save();
  Gate gate;
  state.step = 2;
  CHECK(manager.save(async({[&] { gate.pass(); }})) == "d/ckpt-2");
  CHECK(manager.latest_checkpoint() == "d/ckpt-1");
  CHECK(manager.checkpoints() == Names{"d/ckpt-1"});
  CHECK(cairn::bundle::detail::read_state(files, "d")->model_checkpoint_path == "d/ckpt-1");
  state.step = 77;
  gate.open();
  (void)manager.restore();
  CHECK(state.step == 2);
  CHECK(manager.latest_checkpoint() == "d/ckpt-2");
  CHECK(manager.checkpoints() == Names{"d/ckpt-2"});
  CHECK_FALSE(files.exists("d/ckpt-1.index"));

  Gate second;
  std::atomic<bool> done = false;
  manager.save(async({[&] { second.pass(); }, [&] { done = true; }}));
  second.open();
  CHECK(manager.save() == "d/ckpt-4");
  CHECK(done);
}

TEST_CASE("a failure in the background is thrown by sync, once, or by the next save") {
  State state;
  std::uint64_t calls_before = 0;
  for (const bool by_sync : {true, false}) {
    cairn::testing::MemoryFileSystem memory;
    {
      cairn::testing::FaultyFileSystem counted(memory);
      CheckpointIn checkpoint(counted, state);
      Manager manager(checkpoint, "d");
      manager.save();
      calls_before = counted.calls();
    }
    cairn::testing::MemoryFileSystem again;
    // The second save's first file calls are this thread's: the rename of its data comes later.
    cairn::testing::FaultyFileSystem files(again, {.at = calls_before + 9, .number = ENOSPC});
    CheckpointIn checkpoint(files, state);
    Manager manager(checkpoint, "d");
    manager.save();
    CHECK(manager.save(async()) == "d/ckpt-2");
    const std::string sentence = sentence_of([&] {
      if (by_sync)
        manager.sync();
      else
        manager.save();
    });
    CHECK(sentence.find("the save of the checkpoint \"d/ckpt-2\" in the background failed: ") != std::string::npos);
    manager.sync();
    CHECK(manager.latest_checkpoint() == "d/ckpt-1");
    CHECK(manager.save() == "d/ckpt-3");
    CHECK(checkpoint.save_counter() == 3);
  }
}

TEST_CASE("whatever a callback throws in the background comes out as it is") {
  cairn::testing::MemoryFileSystem files;
  State state;
  CheckpointIn checkpoint(files, state);
  Manager manager(checkpoint, "d");
  manager.save(async({[] { throw 7; }}));
  CHECK_THROWS_AS(manager.sync(), int);
  CHECK(manager.latest_checkpoint() == std::nullopt);
  CHECK(files.exists("d/ckpt-1.index"));
}

TEST_CASE("a callback that saves or syncs gets an Error instead of waiting for itself") {
  cairn::testing::MemoryFileSystem files;
  State state;
  CheckpointIn checkpoint(files, state);
  Manager manager(checkpoint, "d");
  manager.save(async({[&] { manager.sync(); }}));
  CHECK(code_of([&] { manager.sync(); }) == ErrorCode::failed_precondition);
}

TEST_CASE("a manager and a checkpoint that end wait for what is under way") {
  cairn::testing::MemoryFileSystem files;
  State state;
  {
    CheckpointIn checkpoint(files, state);
    Manager(checkpoint, "d").save(async());
    CHECK(cairn::bundle::detail::read_state(files, "d")->model_checkpoint_path == "d/ckpt-1");
    CHECK_FALSE(files.exists("d/.cairn-lock"));
    checkpoint.write("d/last", async());
  }
  CHECK(files.exists("d/last.index"));
}

TEST_CASE("a failure that nobody asked for is said on the standard error output when the checkpoint ends") {
  const ScratchDirectory scratch;
  const std::string said = (scratch.path() / "said").string();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(::open(said.c_str(), O_WRONLY | O_CREAT, 0600), 2);
    {
      cairn::testing::MemoryFileSystem files;
      State state;
      CheckpointIn checkpoint(files, state);
      checkpoint.write("d/x", async({[] { throw Error(ErrorCode::unavailable, "no such luck"); }}));
    }
    ::_exit(0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(read_file(io::native(), said) ==
        "cairn: the save of the checkpoint \"d/x\" in the background failed: no such luck\n");
}

TEST_CASE("a program that calls exit() waits for what is under way, and says what went wrong") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string(), said = (scratch.path() / "said").string();
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(::open(said.c_str(), O_WRONLY | O_CREAT, 0600), 2);
    State state;
    Checkpoint checkpoint{state}, other{state};
    CheckpointManager manager{checkpoint, directory};
    manager.save(async({[] { ::usleep(50'000); }}));
    other.write(directory + "/x", async({[] { throw Error(ErrorCode::unavailable, "no such luck"); }}));
    std::exit(0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(latest_checkpoint(directory) == directory + "/ckpt-1");
  // The thread sanitizer has a word to add about threads that nobody joined.
  CHECK(read_file(io::native(), said)
            .starts_with("cairn: the save of the checkpoint \"" + directory +
                         "/x\" in the background failed: no such luck\n"));
}

TEST_CASE("a program that trains, asks and saves in the background while others read is right all the time") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  State state;
  Checkpoint checkpoint{state};
  CheckpointManager manager{checkpoint, directory, {.max_to_keep = 2}};
  std::atomic<bool> done = false;
  std::atomic<int> seen = 0;
  std::thread reader([&] {
    std::int64_t last = 0;
    while (!done) {
      const auto latest = latest_checkpoint(directory);
      (void)manager.latest_checkpoint();
      (void)manager.checkpoints();
      if (!latest) continue;
      State copy;
      try {
        Checkpoint{copy}.restore(*latest).assert_consumed();
      } catch (const Error&) {
        continue;  // deleted meanwhile: that this is all that can happen, reader.cpp of tests/crash shows
      }
      if (copy.step < last || copy.weights(0) != static_cast<float>(copy.step) ||
          copy.weights(255) != static_cast<float>(copy.step))
        std::abort();
      last = copy.step;
      ++seen;
    }
  });
  CheckpointOptions options = async();
  options.durability = Durability::none;
  for (int i = 1; i <= 200 || seen == 0; ++i) {
    state.step = i;
    for (float& each : state.weights.span()) each = static_cast<float>(i);
    manager.save(options);
  }
  manager.sync();
  done = true;
  reader.join();
  CHECK(manager.checkpoints().size() == 2);
  CHECK(seen > 0);
}
