// Two managers on one directory, and what a killed one leaves to the next.
#include <cairn/checkpoint/manager.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/verify.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "checkpoint/states.hpp"
#include "support/counting_files.hpp"
#include "support/scratch.hpp"

#include <csignal>
#include <optional>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

using Manager = CheckpointManager<CheckpointIn>;
constexpr auto lock_file = ".cairn-lock";

struct Program {
  explicit Program(io::FileSystem& files) : checkpoint(files, "step"_a = step) {}
  std::int64_t step = 0;
  CheckpointIn checkpoint;
};

Names names_with(io::FileSystem& files, const std::string& directory, const std::string& part) {
  Names names;
  for (const auto& name : files.list_directory(directory))
    if (name.find(part) != std::string::npos) names.push_back(name);
  return names;
}

// As if the process that was killed had another number, which nobody has now.
void bury(io::FileSystem& files, const std::string& directory) {
  for (const auto& name : files.list_directory(directory))
    if (const auto mark = name.rfind(io::temporary_mark); mark != std::string::npos)
      files.rename(directory + "/" + name,
                   directory + "/" + name.substr(0, mark) + ".cairn-tmp-999999999" + name.substr(name.rfind('-')));
}

}  // namespace

TEST_CASE("a manager takes the lock at its first save, and leaves nothing of it") {
  cairn::testing::MemoryFileSystem files;
  Program program(files);
  {
    Manager manager(program.checkpoint, "d");
    manager.restore_or_initialize();
    CHECK_FALSE(files.exists("d"));
    manager.save();
    CHECK(read_file(files, "d/.cairn-lock").starts_with("process " + std::to_string(::getpid()) + " on "));
    Manager reader(program.checkpoint, "d");
    CHECK(reader.restore_or_initialize() == "d/ckpt-1");
  }
  CHECK(files.list_directory("d") == Names{"checkpoint", "ckpt-1.data-00000-of-00001", "ckpt-1.index"});
}

TEST_CASE(
    "a lock that another process holds refuses the save in a sentence, changes nothing, and is no bar to reading") {
  cairn::testing::MemoryFileSystem files;
  Program program(files);
  program.checkpoint.save("d/ckpt");
  const Names before = [&] {
    const auto other = files.lock("d/.cairn-lock", "process 4711 on moon since 2026-11-23 09:00:00 UTC\n");
    Names names = files.list_directory("d");
    Manager manager(program.checkpoint, "d", {.max_to_keep = 1});
    const std::string sentence = sentence_of([&] { manager.save(); });
    CHECK(sentence.find("the directory \"d\" is another CheckpointManager's: process 4711 on moon since 2026-11-23 "
                        "09:00:00 UTC.") != std::string::npos);
    CHECK(code_of([&] { manager.save(); }) == ErrorCode::failed_precondition);
    CHECK(program.checkpoint.save_counter() == 1);
    CHECK(files.list_directory("d") == names);
    CHECK(manager.restore("d/ckpt-1").matched().size() == 2);
    return names;
  }();
  Manager manager(program.checkpoint, "d");
  CHECK(manager.save() == "d/ckpt-2");
  CHECK(files.list_directory("d").size() == before.size() + 3);
}

TEST_CASE("managers of one process take turns: each deletes only what it knows, and names only what is there") {
  cairn::testing::MemoryFileSystem files;
  Program program(files);
  Manager one(program.checkpoint, "d", {.max_to_keep = 2, .clock = [now = 1.0]() mutable { return now += 1; }});
  one.save();
  Manager two(program.checkpoint, "d", {.max_to_keep = 1, .clock = [now = 9.0]() mutable { return now += 1; }});
  CHECK(two.checkpoints() == Names{"d/ckpt-1"});
  two.save();  // deletes ckpt-1
  one.save();
  CHECK(one.checkpoints() == Names{"d/ckpt-3"});
  CHECK(names_with(files, "d", ".index") == Names{"ckpt-2.index", "ckpt-3.index"});
}

TEST_CASE("while a manager saves, another one of its process is refused in a sentence, and saves afterwards") {
  cairn::testing::MemoryFileSystem files;
  Program first(files), second(files);
  Manager one(first.checkpoint, "d"), two(second.checkpoint, "d");
  std::string sentence;
  const auto save_meanwhile = [&] { sentence = sentence_of([&] { two.save(); }); };
  one.save({.write_callbacks = {save_meanwhile}});
  CHECK(sentence.find("another CheckpointManager of this process is saving to \"d\" at this moment") !=
        std::string::npos);
  CHECK(second.checkpoint.save_counter() == 0);
  CHECK(names_with(files, "d", ".index") == Names{"ckpt-1.index"});
  CHECK(two.save() == "d/ckpt-2");
  CHECK(two.checkpoints() == Names{"d/ckpt-2"});
}

TEST_CASE("a directory that is removed and made anew is locked anew, and only what is in it is named") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  Program program(io::native());
  {
    Manager manager(program.checkpoint, directory);
    manager.save();
    std::filesystem::remove_all(directory);
    CHECK(manager.save() == directory + "/ckpt-2");
    CHECK(code_of([&] { (void)io::native().lock(directory + "/" + lock_file, "me"); }) ==
          ErrorCode::failed_precondition);
    CHECK(manager.checkpoints() == Names{directory + "/ckpt-2"});
    CHECK(cairn::bundle::detail::read_state(io::native(), directory)->all_model_checkpoint_paths ==
          Names{directory + "/ckpt-2"});
    std::filesystem::remove_all(directory);
    std::filesystem::create_directory(directory);
    write_file(io::native(), directory + "/" + lock_file, "somebody");
  }
  CHECK(read_file(io::native(), directory + "/" + lock_file) == "somebody");
}

TEST_CASE("a relative directory is locked where the program is when it saves") {
  const ScratchDirectory scratch;
  const auto before = std::filesystem::current_path();
  for (const char* const name : {"a", "b"}) std::filesystem::create_directory(scratch.path() / name);
  Program program(io::native());
  std::filesystem::current_path(scratch.path() / "a");
  {
    Manager manager(program.checkpoint, "d");
    manager.save();
    std::filesystem::current_path(scratch.path() / "b");
    CHECK(manager.save() == "d/ckpt-2");
    CHECK(code_of([&] { (void)io::native().lock("d/.cairn-lock", "me"); }) == ErrorCode::failed_precondition);
    CHECK(manager.checkpoints() == Names{"d/ckpt-2"});
  }
  CHECK(names_with(io::native(), "d", "") == Names{"checkpoint", "ckpt-2.data-00000-of-00001", "ckpt-2.index"});
  std::filesystem::current_path(before);
}

TEST_CASE("a checkpoint that somebody deletes by hand is named no more") {
  cairn::testing::MemoryFileSystem files;
  Program program(files);
  Manager manager(program.checkpoint, "d");
  for (int i = 0; i < 3; ++i) manager.save();
  bundle::remove_checkpoint("d/ckpt-2", files);
  manager.save();
  CHECK(manager.checkpoints() == Names{"d/ckpt-1", "d/ckpt-3", "d/ckpt-4"});
  CHECK(cairn::bundle::detail::read_state(files, "d")->all_model_checkpoint_paths == manager.checkpoints());
}

TEST_CASE("a checkpoint that cannot be deleted keeps no other, and the error says that the new one is complete") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  const auto data = scratch.path() / "d/ckpt-1.data-00000-of-00001";
  Program program(io::native());
  Manager manager(program.checkpoint, directory, {.max_to_keep = 1});
  manager.save();
  std::filesystem::remove(data);
  std::filesystem::create_directory(data);  // which remove() of a file refuses
  for (const char* const name : {"/ckpt-2", "/ckpt-3"}) {
    const std::string sentence = sentence_of([&] { manager.save(); });
    CHECK(sentence.starts_with("the checkpoint \"" + directory + name +
                               "\" is complete, but what follows failed: cannot remove \"" + data.string() + "\": "));
    CHECK(latest_checkpoint(directory) == directory + name);
  }
  CHECK(names_with(io::native(), directory, "ckpt-2").empty());
  std::filesystem::remove(data);
  CHECK(manager.save() == directory + "/ckpt-4");
  CHECK(names_with(io::native(), directory, "ckpt-") == Names{"ckpt-4.data-00000-of-00001", "ckpt-4.index"});
}

TEST_CASE("a checkpoint whose index the disk does not let go stays whole until it does") {
  struct Refusing final : CountingFileSystem {
    using CountingFileSystem::CountingFileSystem;
    bool refuses = true;
    void refuse(const std::string& what, const std::string& path) const {
      if (refuses && path == "d/ckpt-1.index") throw Error(ErrorCode::unavailable, "cannot " + what + " " + path);
    }
    bool link(const std::string& from, const std::string& to) override {
      refuse("link", from);
      return CountingFileSystem::link(from, to);
    }
    void rename(const std::string& from, const std::string& to) override {
      refuse("rename", from);
      CountingFileSystem::rename(from, to);
    }
  };
  cairn::testing::MemoryFileSystem memory;
  Refusing files(memory);
  Program program(files);
  Manager manager(program.checkpoint, "d", {.max_to_keep = 1});
  manager.save();
  CHECK(sentence_of([&] { manager.save(); }) ==
        "the checkpoint \"d/ckpt-2\" is complete, but what follows failed: cannot rename d/ckpt-1.index");
  CHECK(cairn::verify("d/ckpt-1", memory).empty());
  files.refuses = false;
  manager.save();
  CHECK(names_with(memory, "d", "ckpt-") == Names{"ckpt-3.data-00000-of-00001", "ckpt-3.index"});
}

TEST_CASE("a lock that is no file, or that the disk refuses, is told as that and not as another manager") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string(), lock = directory + "/.cairn-lock";
  std::filesystem::create_directory(directory);
  std::filesystem::create_symlink("elsewhere", lock);
  Program program(io::native());
  Manager manager(program.checkpoint, directory);
  CHECK(sentence_of([&] { manager.save(); }).starts_with("the lock \"" + lock + "\" is a link, a pipe or a device"));
}

TEST_CASE("a folder where the state file must be is told before anything is written") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("d/checkpoint");
  Program program(files);
  Manager manager(program.checkpoint, "d");
  CHECK(code_of([&] { manager.save(); }) == ErrorCode::failed_precondition);
  CHECK(files.list_directory("d") == Names{"checkpoint"});
}

TEST_CASE("a state file that names a hundred thousand checkpoints, each of them twice, is taken over at once") {
  cairn::testing::MemoryFileSystem files;
  std::string text = "model_checkpoint_path: \"ckpt-1\"\nlast_preserved_timestamp: 1.0\n";
  for (const int times : {1, 2}) {
    for (int i = 1; i <= 100'000; ++i) text += "all_model_checkpoint_paths: \"ckpt-" + std::to_string(i) + "\"\n";
    for (int i = 1; i <= 100'000; ++i) text += "all_model_checkpoint_timestamps: " + std::to_string(times) + ".5\n";
  }
  files.create_directories("d");
  write_file(files, "d/checkpoint", text);
  Program program(files);
  Manager manager(program.checkpoint, "d", {.max_to_keep = 3});  // for ever when each were compared with each
  CHECK(manager.checkpoints().size() == 100'000);
  CHECK(manager.save() == "d/ckpt-1");
  CHECK(manager.checkpoints() == Names{"d/ckpt-1"});
}

TEST_CASE("a state file that names a checkpoint with a NUL byte makes a manager delete nobody's file") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  std::filesystem::create_directory(directory);
  write_file(io::native(), directory + "/precious", "mine");
  write_file(io::native(), directory + "/checkpoint",
             "model_checkpoint_path: \"precious\\000\"\nall_model_checkpoint_paths: \"precious\\000\"\n"
             "all_model_checkpoint_timestamps: 5.0\nlast_preserved_timestamp: 1.0\n");
  Program program(io::native());
  Manager manager(program.checkpoint, directory, {.max_to_keep = 1, .clock = [] { return 9.0; }});
  manager.save();
  manager.save();
  CHECK(read_file(io::native(), directory + "/precious") == "mine");
  CHECK(manager.checkpoints() == Names{directory + "/ckpt-2"});
}

TEST_CASE("what another process did between opening and the first save is taken over") {
  cairn::testing::MemoryFileSystem files;
  Program program(files);
  const auto options = [](double begin) {
    return CheckpointManagerOptions{.max_to_keep = 2, .clock = [now = begin]() mutable { return now += 1; }};
  };
  Manager(program.checkpoint, "d", options(0)).save();
  Manager early(program.checkpoint, "d", options(100));
  CHECK(early.checkpoints() == Names{"d/ckpt-1"});
  {
    Manager other(program.checkpoint, "d", options(50));
    other.save();
    other.save();
    CHECK(other.checkpoints() == Names{"d/ckpt-2", "d/ckpt-3"});
  }
  early.save();
  CHECK(early.checkpoints() == Names{"d/ckpt-3", "d/ckpt-4"});
  CHECK(names_with(files, "d", ".index") == Names{"ckpt-3.index", "ckpt-4.index"});
}

TEST_CASE("a second process is refused with the first one's number, and takes over when that one is killed") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    Program program(io::native());
    Manager manager(program.checkpoint, directory, {.max_to_keep = 2});
    for (int i = 0; i < 3; ++i) manager.save();
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  Program program(io::native());
  Manager manager(program.checkpoint, directory, {.max_to_keep = 2});
  CHECK(manager.restore_or_initialize() == directory + "/ckpt-3");
  CHECK(sentence_of([&] { manager.save(); }).find("process " + std::to_string(child) + " on ") != std::string::npos);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(manager.save() == directory + "/ckpt-4");
  CHECK(manager.checkpoints() == Names{directory + "/ckpt-3", directory + "/ckpt-4"});
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("a process that forks keeps the lock; the child is refused and removes nothing") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  Program program(io::native());
  Manager manager(program.checkpoint, directory);
  manager.save();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto code = code_of([&] { manager.save(); });
    ::_exit(code == ErrorCode::failed_precondition ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(std::filesystem::exists(directory + "/" + lock_file));
  CHECK(manager.save() == directory + "/ckpt-2");
}

TEST_CASE("a process killed at any call while it deletes leaves nothing that the next manager does not remove") {
  std::uint64_t calls = 0;
  const auto run = [&](io::FileSystem& files, bool three) {
    Program program(files);
    Manager manager(program.checkpoint, "d", {.max_to_keep = 1});
    manager.save();
    manager.save();
    if (three) manager.save();
  };
  {
    cairn::testing::MemoryFileSystem files;
    cairn::testing::FaultyFileSystem counted(files);
    run(counted, true);
    calls = counted.calls();
  }
  int with_leftovers = 0;
  for (const cairn::testing::Fault kind :
       {cairn::testing::Fault::stop_before, cairn::testing::Fault::stop_after, cairn::testing::Fault::stop_torn})
    for (std::uint64_t at = 1; at <= calls; ++at) {
      CAPTURE(at);
      cairn::testing::MemoryFileSystem files;
      cairn::testing::FaultyFileSystem killed(files, {.at = at, .kind = kind});
      try {
        run(killed, true);
      } catch (const Error&) {}
      if (!files.is_directory("d")) continue;
      with_leftovers += static_cast<int>(names_with(files, "d", ".cairn-tmp").size());
      bury(files, "d");
      run(files, false);
      CHECK(names_with(files, "d", ".cairn").empty());
      CHECK(names_with(files, "d", ".index").size() == 1);
      CHECK(names_with(files, "d", ".data-").size() == 1);
    }
  CHECK(with_leftovers > 10);
}

namespace {

// The directory of a manager with max_to_keep 1 that was killed in its second save, when `is_moment` was true for the
// first time.
template <class IsMoment>
void kill_second_save(cairn::testing::MemoryFileSystem& files, IsMoment is_moment) {
  for (std::uint64_t at = 1; at < 200; ++at) {
    cairn::testing::MemoryFileSystem again;
    for (cairn::testing::MemoryFileSystem* const each : {&again, &files}) {
      cairn::testing::FaultyFileSystem killed(*each, {.at = at, .kind = cairn::testing::Fault::stop_after});
      Program program(killed);
      try {
        Manager manager(program.checkpoint, "d", {.max_to_keep = 1});
        manager.save();
        manager.save();
      } catch (const Error&) {}
      if (each == &again && !(again.exists("d/checkpoint") && is_moment(again))) break;
      if (each == &files) return bury(files, "d");
    }
  }
  FAIL("there is no such moment");
}
bool names(io::FileSystem& files, const std::string& name) {
  return read_file(files, "d/checkpoint").find('"' + name + '"') != std::string::npos;
}
// Of a save that is not named yet, and of a deletion.
void kill_before_naming(cairn::testing::MemoryFileSystem& files) {
  kill_second_save(files, [](io::FileSystem& now) { return now.exists("d/ckpt-2.index") && !names(now, "ckpt-2"); });
}
void kill_while_deleting(cairn::testing::MemoryFileSystem& files) {
  kill_second_save(files, [](io::FileSystem& now) { return now.exists("d/ckpt-1.index") && !names(now, "ckpt-1"); });
}

}  // namespace

TEST_CASE("a checkpoint that was complete and not named yet when its process was killed is removed by the next one") {
  cairn::testing::MemoryFileSystem files;
  kill_before_naming(files);
  Program program(files);
  {
    Manager manager(program.checkpoint, "d", {.max_to_keep = 1});
    CHECK(manager.restore_or_initialize() == "d/ckpt-1");
    CHECK(files.exists("d/ckpt-2.index"));  // who only restores removes nothing
    CHECK(manager.save() == "d/ckpt-3");
  }
  CHECK(files.list_directory("d") == Names{"checkpoint", "ckpt-3.data-00000-of-00001", "ckpt-3.index"});
}

TEST_CASE("a checkpoint that was never named and that fall_back restores is the manager's from then on") {
  cairn::testing::MemoryFileSystem files;
  kill_before_naming(files);
  change_file(files, "d/ckpt-1.index", [](std::string& text) { text.resize(20); });
  Program program(files);
  Manager manager(program.checkpoint, "d", {.max_to_keep = 2, .fall_back = true});
  CHECK(manager.restore_or_initialize() == "d/ckpt-2");
  manager.save();
  CHECK(manager.checkpoints() == Names{"d/ckpt-2", "d/ckpt-3"});
  manager.save();
  CHECK(names_with(files, "d", "ckpt-2").empty());
}

TEST_CASE(
    "a checkpoint that a killed manager had not named, or was deleting, is left alone when it is another by now") {
  for (const bool is_new : {true, false}) {
    CAPTURE(is_new);
    cairn::testing::MemoryFileSystem files;
    is_new ? kill_before_naming(files) : kill_while_deleting(files);
    const std::string path = is_new ? "d/ckpt-2" : "d/ckpt-1";
    REQUIRE(files.exists(path + ".index"));
    Program next(files);
    next.step = 17;  // written by hand, under the name that the killed one used
    next.checkpoint.write(path);
    Manager manager(next.checkpoint, "d", {.max_to_keep = 1});
    manager.save();
    CHECK(names_with(files, "d", ".cairn-tmp").empty());
    next.step = 0;
    (void)next.checkpoint.read(path);
    CHECK(next.step == 17);
  }
}

TEST_CASE("a save that a write callback ended after its files were complete leaves nothing after the next save") {
  for (const bool is_another_manager : {false, true}) {
    CAPTURE(is_another_manager);
    cairn::testing::MemoryFileSystem files;
    Program program(files);
    std::optional<Manager> manager;
    manager.emplace(program.checkpoint, "d");
    manager->save();
    const CheckpointOptions throwing{.write_callbacks = {[](const std::string&) { throw std::runtime_error("no"); }}};
    CHECK_THROWS_WITH(manager->save(throwing), "no");
    CHECK(files.exists("d/ckpt-2.index"));
    if (is_another_manager) {
      manager.reset();
      manager.emplace(program.checkpoint, "d");
    }
    CHECK(manager->save() == "d/ckpt-3");
    manager.reset();
    CHECK(files.list_directory("d") == Names{"checkpoint", "ckpt-1.data-00000-of-00001", "ckpt-1.index",
                                             "ckpt-3.data-00000-of-00001", "ckpt-3.index"});
  }
}

TEST_CASE("where files have no second names the same is cleaned up") {
  std::uint64_t calls = 0;
  const auto run = [&](io::FileSystem& below, cairn::testing::FaultPlan plan) {
    CountingFileSystem linkless(below);
    linkless.can_link = false;
    cairn::testing::FaultyFileSystem files(linkless, plan);
    Program program(files);
    try {
      Manager manager(program.checkpoint, "d", {.max_to_keep = 1});
      manager.save();
      manager.save();
    } catch (const Error&) {}
    calls = files.calls();
  };
  cairn::testing::MemoryFileSystem whole;
  run(whole, {});
  const std::uint64_t all = calls;
  for (std::uint64_t at = 1; at <= all; ++at) {
    CAPTURE(at);
    cairn::testing::MemoryFileSystem files;
    run(files, {.at = at, .kind = cairn::testing::Fault::stop_after});
    if (!files.is_directory("d")) continue;
    bury(files, "d");
    run(files, {});
    CHECK(names_with(files, "d", "").size() == 3);
  }
}
