// Memory runs out at every allocation of a save, a restore, a track: nothing that is tracked changes, and nothing is
// lost. This file replaces operator new for the whole program of this folder; it does what it always did unless a test
// here says when to fail.
#include <cairn/cereal.hpp>
#include <cairn/checkpoint/detail/tracked_state.hpp>

#include <doctest/doctest.h>

#include "checkpoint/states.hpp"

#include <cereal/types/map.hpp>
#include <cereal/types/vector.hpp>

#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t never = static_cast<std::size_t>(-1);
thread_local std::size_t allocations_left = never;
constexpr std::size_t large = std::size_t{2} << 20;
thread_local std::size_t large_allocations = 0;

void* allocate(std::size_t size) {
  if (size >= large) ++large_allocations;
  if (allocations_left != never && allocations_left-- == 0) {
    allocations_left = never;
    throw std::bad_alloc();
  }
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
// Who asks so has another way (std::stable_sort), and would get by.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size == 0 ? 1 : size); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

struct Layer {
  Variable<float, 2> kernel;
  std::vector<float> losses;
};

class Archived {
 public:
  std::vector<int> numbers;
  std::string text;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("numbers", numbers), cereal::make_nvp("text", text));
  }
};

struct State {
  Variable<float, 3> weights;
  Variable<double, dynamic> any_length;
  std::int64_t step = 0;
  bool flag = false;
  std::string text;
  std::vector<std::string> texts;
  std::vector<bool> bits;
  std::vector<Layer> layers;
  std::map<std::string, Layer> named;
  std::optional<Layer> maybe, maybe_not;
  std::shared_ptr<Layer> shared, shared_again;
  Archived archived;
};

Layer layer(float value) { return {{value, value + 1}, {value, value, value}}; }

State full() {
  State state;
  state.weights.assign(Tensor<float, 3>{1, 2, 3});
  state.any_length = Variable<double, dynamic>{4, 5, 6, 7};
  state.step = 8;
  state.flag = true;
  state.text = "a text that is longer than a small string may be";
  state.texts = {"one", "two", state.text};
  state.bits = {true, false, true};
  state.layers = {layer(1), layer(2), layer(3)};
  state.named = {{"a", layer(4)}, {"b", layer(5)}};
  state.maybe = layer(6);
  state.shared = std::make_shared<Layer>(layer(7));
  state.shared_again = state.shared;
  state.archived.numbers = {1, 2, 3};
  state.archived.text = "archived, and also longer than a small string may be";
  return state;
}
State empty() {
  State state;
  state.layers = {layer(9)};
  state.named = {{"b", layer(10)}, {"z", layer(11)}};
  state.maybe_not = layer(12);
  return state;
}

// All that is tracked, as one text.
std::string text_of(const State& state) {
  std::string text;
  const auto add = [&](const auto& value) { (text += std::to_string(value)) += ' '; };
  const auto add_layer = [&](const Layer& each) {
    for (const float value : each.kernel.span()) add(value);
    for (const float value : each.losses) add(value);
    text += "; ";
  };
  for (const float value : state.weights.span()) add(value);
  for (const double value : state.any_length.span()) add(value);
  add(state.step);
  add(state.flag);
  text += state.text;
  for (const std::string& each : state.texts) text += each;
  for (const bool bit : state.bits) add(bit);
  for (const Layer& each : state.layers) add_layer(each);
  for (const auto& [name, each] : state.named) text += name, add_layer(each);
  if (state.maybe) text += "maybe", add_layer(*state.maybe);
  if (state.maybe_not) text += "maybe_not", add_layer(*state.maybe_not);
  if (state.shared) text += "shared", add_layer(*state.shared);
  add(state.shared == state.shared_again);
  for (const int number : state.archived.numbers) add(number);
  return text + state.archived.text;
}

// Calls `attempt(k)`, which lets the k-th allocation of what it does fail, until one gets by with k allocations.
// Returns how many there are.
template <class Attempt>
std::size_t for_every_allocation(Attempt attempt) {
  for (std::size_t k = 0;; ++k) {
    CAPTURE(k);
    if (attempt(k)) return k;
    REQUIRE(k < 100'000);
  }
}

// True when `call` got by with k allocations; false when it ran out of memory.
template <class Call>
bool succeeds_with(std::size_t k, Call call) {
  allocations_left = k;
  try {
    call();
  } catch (const std::bad_alloc&) {
    allocations_left = never;
    return false;
  }
  allocations_left = never;
  return true;
}

}  // namespace

TEST_CASE("a restore that runs out of memory at any allocation changes nothing") {
  cairn::testing::MemoryFileSystem files;
  State saved = full();
  CheckpointIn(files, "state"_a = saved).save("p");
  const std::string before = text_of(empty());
  const auto restore = [&](const RestoreOptions& options) {
    return for_every_allocation([&](std::size_t k) {
      State state = empty();
      CheckpointIn checkpoint(files, "state"_a = state);
      const bool is_done = succeeds_with(k, [&] { checkpoint.restore("p-1", options).expect_partial(); });
      CHECK(text_of(state) == (is_done ? text_of(saved) : before));
      if (is_done || k % 50 != 0) return is_done;
      checkpoint.restore("p-1", options).assert_consumed();  // with memory, the same checkpoint restores
      CHECK(text_of(state) == text_of(saved));
      CHECK(checkpoint.save_counter() == 1);
      return false;
    });
  };
  CHECK(restore({}) > 150);
  CHECK(restore({.rename = {{"state", "state"}}, .cast = Cast::any}) > 200);
}

TEST_CASE("a restore of a long list of records that runs out of memory at any allocation changes nothing") {
  struct Record {
    double a = 0, b = 0;
    bool operator==(const Record&) const = default;
  };
  struct Narrow {
    float a = 1, b = 2;
  };
  constexpr std::size_t count = 450'000;  // of more bytes than are staged
  cairn::testing::MemoryFileSystem files;
  std::vector<Record> saved(count, Record{1, 2});
  std::vector<Narrow> narrow(count);
  CheckpointIn(files, "list"_a = saved).write("p");
  CheckpointIn(files, "list"_a = narrow).write("narrow");
  const std::vector<Record> before(count, Record{3, 4});
  for (const char* const prefix : {"p", "narrow"}) {
    const std::size_t allocations = for_every_allocation([&](std::size_t k) {
      std::vector<Record> list = before;
      CheckpointIn checkpoint(files, "list"_a = list);
      const bool is_done = succeeds_with(k, [&] { checkpoint.read(prefix, {.cast = Cast::any}).expect_partial(); });
      CHECK((list == (is_done ? saved : before)));
      return is_done;
    });
    CHECK(allocations > 30);
  }
}

TEST_CASE("a track that runs out of memory at any allocation changes nothing, and what is pending stays") {
  cairn::testing::MemoryFileSystem files;
  State saved = full();
  CheckpointIn(files, "state"_a = saved).write("p");
  const std::string before = text_of(empty());
  const std::size_t allocations = for_every_allocation([&](std::size_t k) {
    State state = empty();
    CheckpointIn checkpoint(files);
    const LoadStatus status = checkpoint.read("p");
    const bool is_done = succeeds_with(k, [&] { checkpoint.track("state", state); });
    CHECK(text_of(state) == (is_done ? text_of(saved) : before));
    if (!is_done) checkpoint.track("state", state);
    CHECK(text_of(state) == text_of(saved));
    CHECK_NOTHROW(status.assert_consumed());
    return is_done;
  });
  CHECK(allocations > 100);
}

TEST_CASE("the memory of the copy that a save in the background writes is used again by the next one") {
  cairn::testing::MemoryFileSystem files;
  struct {
    Variable<float, dynamic> weights{Shape{large / sizeof(float)}};
  } state;
  CheckpointIn checkpoint(files, state);
  large_allocations = 0;  // the thread in the background has a count of its own
  for (int i = 0; i < 4; ++i) {
    checkpoint.write("p", {.enable_async = true});
    checkpoint.sync();
    CHECK(large_allocations == 1);
  }
}

TEST_CASE("a save that runs out of memory at any allocation changes nothing, and the next one succeeds") {
  const std::string before = text_of(full());
  for (const bool has_plan : {false, true}) {
    const std::size_t allocations = for_every_allocation([&](std::size_t k) {
      cairn::testing::MemoryFileSystem files;
      State state = full();
      CheckpointIn checkpoint(files, "state"_a = state);
      checkpoint.save("p", {.shard_size = has_plan ? 0u : 1u << 20});  // what may be cut is planned anew
      const bool is_done = succeeds_with(k, [&] { checkpoint.save("p"); });
      CHECK(text_of(state) == before);
      CHECK(checkpoint.save_counter() == (is_done ? 2 : 1));
      State first = empty();
      CheckpointIn(files, "state"_a = first).restore("p-1").assert_consumed();
      CHECK(text_of(first) == before);
      if (!is_done && k % 20 == 0) {
        State second = empty();
        CheckpointIn(files, "state"_a = second).restore(checkpoint.save("p")).assert_consumed();
        CHECK(text_of(second) == before);
      }
      return is_done;
    });
    CHECK((allocations > 100) == !has_plan);
  }
}

namespace {

struct Many {
  std::vector<Variable<float, 16>> variables = std::vector<Variable<float, 16>>(10'000);
};

template <class Call>
std::size_t allocations_of(const Call& call) {
  constexpr std::size_t enough = std::size_t{1} << 40;
  allocations_left = enough;
  call();
  return enough - std::exchange(allocations_left, never);
}

}  // namespace

TEST_CASE(
    "a save of ten thousand variables takes memory for lists and blocks that all share; with a plan that fits, none") {
  Many many;
  cairn::testing::MemoryFileSystem files;
  CheckpointIn checkpoint(files, many);
  const auto allocations_of_save = [&] { return allocations_of([&] { checkpoint.save("ckpt"); }); };
  for (const std::size_t count : {10'000u, 9'999u}) {
    many.variables.resize(count);
    const std::size_t planned_anew = allocations_of_save();
    const std::size_t again = allocations_of_save();
    CHECK(again < 150);
    CHECK(planned_anew > again + 10'000 / 100);  // at least one block for the names and keys of a hundred
    CHECK(planned_anew < 10'000 / 20);
  }
}

TEST_CASE("a restore of ten thousand variables takes memory for each key in the index, and no more") {
  Many many;
  cairn::testing::MemoryFileSystem files;
  CheckpointIn checkpoint(files, many);
  const std::string path = checkpoint.save("ckpt");
  LoadStatus status;
  CHECK(allocations_of([&] { status = checkpoint.restore(path); }) < 10'000 + 10'000 / 8 + 200);
  status.assert_consumed();
}
