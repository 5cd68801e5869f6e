// What a save has planned is used by the next one, as long as it fits: the files are what a new Checkpoint would write.
#include <cairn/checkpoint/detail/save/kept_plan.hpp>

#include <doctest/doctest.h>

#include <cairn/checkpoint/checkpoint.hpp>

#include "checkpoint/states.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

struct Part {
  float value = 1;
  std::string text = "text";
};
struct Replanned {
  Variable<float, dynamic, dynamic> matrix{Shape{2, 3}};
  std::vector<float> losses{1, 2, 3};
  std::vector<Part> parts{2};
  std::map<std::string, Part> named{{"a", {}}, {"b", {}}};
  std::optional<Part> maybe;
  std::shared_ptr<Part> first = std::make_shared<Part>(), second = std::make_shared<Part>();
  std::vector<std::string> texts{"one", "two"};
  std::vector<bool> bits{true, false};
  std::unique_ptr<Part> unique = std::make_unique<Part>();
  Part* one_of_them = nullptr;
  std::int64_t step = 0;
};

std::string files_of(io::FileSystem& files, const std::string& prefix) {
  return read_file(files, prefix + ".index") + read_file(files, prefix + ".data-00000-of-00001");
}

}  // namespace

TEST_CASE("whatever changes between two saves, the files are those of a checkpoint that plans anew") {
  const std::vector<std::function<void(Replanned&)>> changes{
      [](Replanned&) {},
      [](Replanned& state) { state.step = 7; },
      [](Replanned& state) { state.matrix(1, 2) = 5; },
      [](Replanned& state) { state.losses = {4, 5, 6}; },
      [](Replanned& state) { state.losses.push_back(4); },
      [](Replanned& state) { state.losses.pop_back(); },
      [](Replanned& state) { state.matrix = Variable<float, dynamic, dynamic>(Shape{3, 2}); },
      [](Replanned& state) { state.parts.emplace_back(); },
      [](Replanned& state) { state.parts.resize(1); },
      [](Replanned& state) { state.named.clear(); },
      [](Replanned& state) { state.named = {{"a", {}}, {"c", {}}}; },
      [](Replanned& state) { state.maybe.emplace(); },
      [](Replanned& state) { state.maybe.reset(); },
      [](Replanned& state) { std::swap(state.first, state.second); },
      [](Replanned& state) { state.second = state.first; },
      [](Replanned& state) { state.first = nullptr; },
      [](Replanned& state) { state.first = std::make_shared<Part>(Part{9, "another"}); },
      [](Replanned& state) { state.texts[0] = "six"; },
      [](Replanned& state) { state.texts[0] = "a longer one"; },
      [](Replanned& state) { state.texts = {"a longer", "onetwo"}; },
      [](Replanned& state) { state.bits = {false, true}; },
      [](Replanned& state) { state.bits.push_back(true); },
      [](Replanned& state) { state.unique = std::make_unique<Part>(); },
      [](Replanned& state) { state.unique = nullptr; },
      [](Replanned& state) { state.one_of_them = &state.parts[0]; },
      [](Replanned& state) { state.one_of_them = nullptr; },
  };
  cairn::testing::MemoryFileSystem files;
  Replanned state;
  CheckpointIn checkpoint(files, state);
  int number = 0;
  const auto check = [&] {
    const std::string end = std::to_string(++number);
    checkpoint.write("kept-" + end);
    CheckpointIn(files, state).write("new-" + end);
    CHECK((files_of(files, "kept-" + end) == files_of(files, "new-" + end)));
  };
  check();
  for (const auto& change : changes) {
    CAPTURE(number);
    change(state);
    check();
    check();
  }
}

TEST_CASE("a plan is not used where a checkpoint is, or may be cut, and serves again afterwards") {
  cairn::testing::MemoryFileSystem files;
  Replanned state;
  CheckpointIn checkpoint(files, state);
  for (const int value : {1, 2, 3}) {
    state.step = value;
    checkpoint.write("same");
    Replanned restored;
    CheckpointIn(files, restored).read("same").assert_consumed();
    CHECK(restored.step == value);
  }
  checkpoint.write("cut", {.shard_size = 16});
  CHECK_FALSE(files.exists("cut.data-00000-of-00001"));
  state.step = 4;
  checkpoint.write("whole");
  CheckpointIn(files, state).write("new");
  CHECK((files_of(files, "whole") == files_of(files, "new")));
}

TEST_CASE("an aligned checkpoint is planned once, too, and another alignment is another plan") {
  cairn::testing::MemoryFileSystem files;
  Replanned state;
  CheckpointIn checkpoint(files, state);
  int number = 0;
  for (const std::uint64_t alignment : {64u, 64u, 1u, 1u, 48u}) {
    CAPTURE(number);
    state.step = ++number;
    const CheckpointOptions options{.data_alignment = alignment};
    const std::string end = std::to_string(number);
    checkpoint.write("kept-" + end, options);
    CheckpointIn(files, state).write("new-" + end, options);
    CHECK((files_of(files, "kept-" + end) == files_of(files, "new-" + end)));
    const bundle::Reader reader("kept-" + end, files);
    for (const auto& [key, entry] : reader.entries()) CHECK(entry.offset % alignment == 0);
  }
  CHECK(code_of([&] { checkpoint.write("zero", {.data_alignment = 0}); }) == ErrorCode::invalid_argument);
}

TEST_CASE("an object that is tracked later is part of the next save") {
  cairn::testing::MemoryFileSystem files;
  Replanned state;
  std::int64_t more = 5;
  CheckpointIn checkpoint(files, "state"_a = state);
  checkpoint.write("without");
  checkpoint.track("more", more);
  checkpoint.write("with");
  CheckpointIn(files, "state"_a = state, "more"_a = more).write("new");
  std::int64_t restored = 0;
  CheckpointIn(files, "state"_a = state, "more"_a = restored).read("with").assert_consumed();
  CHECK(restored == 5);
}
