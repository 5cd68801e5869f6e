// Maps whose keys are no names: "keys" and "values" in the order of the keys. A restore gives a map the saved keys, and
// entries that stay are where they were.
#include <cairn/graph/detail/keyed_map_type.hpp>
#include <cairn/reflect/describe.hpp>
#include <cairn/reflect/static_keys.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"
#include "support/errors.hpp"

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

enum class Phase : std::uint8_t { heating, cooling, done };
struct Item {
  float value = 0;
  std::vector<float> more;
  bool operator==(const Item&) const = default;
};
struct Unmade {
  explicit Unmade(int number) : value(number) {}
  int value;
};
struct Backwards {
  bool operator()(int a, int b) const { return a > b; }
};
struct State {
  std::map<int, float> numbers;
  std::map<Phase, Item> items;
  std::map<std::filesystem::path, std::string> paths;
  std::unordered_map<std::int64_t, std::string> words;
  std::multimap<std::string, double> events;
  std::unordered_multimap<int, int> pairs;
  std::map<int, bool, Backwards> flags;
  std::map<bool, std::vector<Item>> lists;
  std::map<int, std::map<int, std::unique_ptr<Item>>> nested;
};
struct Particle {
  std::array<double, 2> position{};
  bool is_free = false;
  bool operator==(const Particle&) const = default;
};
struct Cloud {
  std::map<int, Particle> particles;
  std::unordered_map<std::int64_t, std::array<float, 3>> forces;
  std::map<Phase, double> times;
};
void fill(State& state) {
  state.numbers = {{5, 0.5f}, {-2, 2}, {7, 7}};
  state.items = {{Phase::done, {1, {2, 3}}}, {Phase::heating, {4, {}}}};
  state.paths = {{"b/c", "one"}, {"a", "two"}};
  state.words = {{9, "nine"}, {1, "one"}, {5, "five"}};
  state.events = {{"b", 1}, {"a", 2}, {"b", 0.5}};
  state.pairs = {{2, 1}, {1, 3}};
  state.flags = {{1, true}, {2, false}, {3, true}};
  state.lists[true] = {{1, {}}, {2, {5}}};
  state.nested[3][4] = std::make_unique<Item>(Item{6, {7}});
  state.nested[3][5] = nullptr;
  state.nested[1];
}
const SavedState::Value& value_of(const SavedState& saved, std::string_view name) {
  return saved.values.find(std::string(name) + "/.ATTRIBUTES/VARIABLE_VALUE")->second;
}
template <class T>
std::vector<T> elements(const SavedState& saved, std::string_view name) {
  const auto& bytes = value_of(saved, name).bytes;
  std::vector<T> all(bytes.size() / sizeof(T));
  std::copy(bytes.begin(), bytes.end(), std::as_writable_bytes(std::span(all)).begin());
  return all;
}
template <class T>
void set_elements(SavedState& saved, std::string_view name, std::vector<T> all) {
  auto& value = saved.values.find(std::string(name) + "/.ATTRIBUTES/VARIABLE_VALUE")->second;
  const auto bytes = std::as_bytes(std::span(all));
  value.bytes = {bytes.begin(), bytes.end()};
  value.shape = Shape{static_cast<std::int64_t>(all.size())};
}

}  // namespace

TEST_CASE("a map whose keys are no names is keys and values, in the order of the keys") {
  State state;
  fill(state);
  const SavedState saved(root_of(state));
  CHECK(elements<int>(saved, "numbers/keys") == std::vector<int>{-2, 5, 7});
  CHECK(elements<float>(saved, "numbers/values") == std::vector<float>{2, 0.5f, 7});
  CHECK(elements<std::uint8_t>(saved, "items/keys") == std::vector<std::uint8_t>{0, 2});
  CHECK(elements<float>(saved, "items/values/1/more") == std::vector<float>{2, 3});
  CHECK(value_of(saved, "paths/keys").strings == Names{"a", "b/c"});
  CHECK(value_of(saved, "paths/values").strings == Names{"two", "one"});
  CHECK(elements<std::int64_t>(saved, "words/keys") == std::vector<std::int64_t>{1, 5, 9});
  CHECK(value_of(saved, "words/values").strings == Names{"one", "five", "nine"});
  CHECK(value_of(saved, "events/keys").strings == Names{"a", "b", "b"});
  CHECK(elements<double>(saved, "events/values") == std::vector<double>{2, 1, 0.5});
  CHECK(elements<int>(saved, "flags/keys") == std::vector<int>{3, 2, 1});
  CHECK(value_of(saved, "lists/keys").dtype == DT_BOOL);
  CHECK(elements<float>(saved, "lists/values/0/1/more") == std::vector<float>{5});
}

TEST_CASE("a map that is restored has the saved keys and values") {
  State state;
  fill(state);
  const SavedState saved(root_of(state));
  State empty, other;
  other.numbers = {{5, 1}, {6, 2}};
  other.items[Phase::cooling].value = 9;
  other.words = {{2, "two"}, {9, "old"}};
  other.events = {{"b", 7}, {"b", 8}, {"b", 9}, {"z", 1}};
  other.nested[3][9] = std::make_unique<Item>();
  other.nested[8];
  for (State* again : {&empty, &other, &state}) {
    const Restored restored = saved.restore(root_of(*again));
    CHECK(restored.only_in_program.empty());
    CHECK(restored.only_in_checkpoint.empty());
    CHECK(again->numbers == std::map<int, float>{{5, 0.5f}, {-2, 2}, {7, 7}});
    CHECK(again->items == state.items);
    CHECK(again->paths == state.paths);
    CHECK(again->words == state.words);
    CHECK(again->events == state.events);
    CHECK(again->pairs == state.pairs);
    CHECK(again->flags == state.flags);
    CHECK(again->lists == state.lists);
    REQUIRE(again->nested.size() == 2);
    REQUIRE(again->nested[3].size() == 2);
    CHECK(*again->nested[3][4] == Item{6, {7}});
    CHECK(again->nested[3][5] == nullptr);
    CHECK(SavedState(root_of(*again)).keys() == saved.keys());
  }
}

TEST_CASE("values that are records are columns, and arrays of numbers one tensor") {
  Cloud cloud, other, empty;
  cloud.particles = {{7, {{1, 2}, true}}, {3, {{3, 4}, false}}};
  cloud.forces = {{2, {1, 2, 3}}, {1, {4, 5, 6}}};
  cloud.times = {{Phase::done, 0.5}};
  other.particles = {{7, {{9, 9}, false}}, {8, {}}};
  other.forces = {{1, {}}, {9, {}}};
  const SavedState saved(root_of(cloud));
  CHECK(value_of(saved, "particles/values/position").shape == Shape{2, 2});
  CHECK(elements<double>(saved, "particles/values/position") == std::vector<double>{3, 4, 1, 2});
  CHECK(elements<std::uint8_t>(saved, "particles/values/is_free") == std::vector<std::uint8_t>{0, 1});
  CHECK(value_of(saved, "forces/values").shape == Shape{2, 3});
  CHECK(elements<float>(saved, "forces/values") == std::vector<float>{4, 5, 6, 1, 2, 3});
  for (Cloud* again : {&empty, &other}) {
    const Restored restored = saved.restore(root_of(*again));
    CHECK(restored.only_in_checkpoint.empty());
    CHECK(restored.only_in_program.empty());
    CHECK(again->particles == cloud.particles);
    CHECK(again->forces == cloud.forces);
    CHECK(again->times == cloud.times);
  }
  CHECK(static_keys<Cloud>.size() == 3 + 2 + 1 + 1);
}

TEST_CASE("entries that stay are where they were, and pointers lead to entries that come") {
  struct Pointing {
    std::map<int, Item> items;
    Item* best = nullptr;
  } source, target;
  source.items[3].value = 3;
  source.items[5].value = 5;
  source.best = &source.items[5];
  const SavedState saved(root_of(source));
  target.items[3].value = 9;
  target.items[4].value = 9;
  Item* const there = &target.items[3];
  CHECK(saved.restore(root_of(target)).only_in_checkpoint.empty());
  CHECK(there == &target.items[3]);
  CHECK(there->value == 3);
  CHECK(target.items.size() == 2);
  CHECK(target.best == &target.items[5]);
}

TEST_CASE("a key that comes twice is a mismatch in a map that holds each once") {
  std::map<int, float> map{{1, 1}, {2, 2}};
  SavedState saved(child("map", map));
  set_elements<int>(saved, "map/keys", {2, 2});
  map = {{7, 7}};
  CHECK(
      sentence_of([&] { saved.restore(child("map", map)); }) ==
      "map/keys/.ATTRIBUTES/VARIABLE_VALUE in file is int32 keys, one of them twice in the checkpoint, int32 keys, "
      "each "
      "once in the program (map.keys); nothing was restored. Restore into the same architecture, or skip what differs "
      "with {.on_mismatch = cairn::OnMismatch::skip}");
  CHECK(map == std::map<int, float>{{7, 7}});
  CHECK(saved.restore(child("map", map), OnMismatch::skip).mismatched.size() == 1);
  CHECK(map == std::map<int, float>{{7, 7}});
  std::multimap<int, float> many;
  saved.restore(child("map", many));
  CHECK(many == std::multimap<int, float>{{2, 1}, {2, 2}});
}

TEST_CASE("keys in another order and values of another number") {
  std::map<int, float> map{{1, 1}, {2, 2}, {3, 3}};
  SavedState saved(child("map", map));
  set_elements<int>(saved, "map/keys", {3, 1, 2});
  saved.restore(child("map", map));
  CHECK(map == std::map<int, float>{{3, 1}, {1, 2}, {2, 3}});
  set_elements<float>(saved, "map/values", {1, 2});
  map = {{7, 7}};
  CHECK(sentence_of([&] {
          saved.restore(child("map", map));
        }).find("map/values/.ATTRIBUTES/VARIABLE_VALUE in file is float32 [2] in the checkpoint, float32 [3] in the") ==
        0);
  CHECK(map == std::map<int, float>{{7, 7}});
  CHECK(saved.restore(child("map", map), OnMismatch::skip).mismatched.size() == 1);
  CHECK(map == std::map<int, float>{{7, 7}});
}

TEST_CASE("keys of another dtype are a mismatch") {
  std::map<int, Item> map;
  map[1].value = 1;
  const SavedState saved(child("map", map));
  std::map<std::int64_t, Item> wide;
  wide[7].value = 7;
  CHECK(code_of([&] { saved.restore(child("map", wide)); }) == ErrorCode::invalid_argument);
  const Restored restored = saved.restore(child("map", wide), OnMismatch::skip);
  CHECK(restored.mismatched.size() == 1);
  CHECK(restored.only_in_checkpoint == Names{"map.values.0.value", "map.values.0.more"});
  CHECK(wide.at(7).value == 7);
}

TEST_CASE("a map whose values cannot be made restores the keys that it has") {
  struct Wrapped {
    std::map<int, std::unique_ptr<Item>> owned;
  } source, target;
  source.owned[1] = std::make_unique<Item>(Item{1, {}});
  const SavedState saved(root_of(source));
  saved.restore(root_of(target));
  CHECK(target.owned.at(1)->value == 1);
}

TEST_CASE("what the type tells of a map") {
  struct Two {
    std::map<int, float> numbers;
    std::map<Phase, Item> items;
  };
  CHECK(static_keys<Two>.size() == 3);
  CHECK(static_keys<Two>[1] == "numbers/values/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(describe<std::map<int, float>>() ==
        "std::map<int, float>\n"
        "  keys: int32 [?]\n"
        "  values: float32 [?]\n");
}
