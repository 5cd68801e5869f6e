// Lists and maps take the length and the keys that were saved, and nothing that only a hostile file would ask for.
#include <cairn/graph/detail/container_types.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"

#include <array>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <unordered_map>

using namespace cairn;
using namespace cairn::test;

namespace {
struct Item {
  float value = 0;
  std::vector<float> more;
};
std::size_t size_for(std::vector<std::string_view> names, std::size_t present) {
  return cairn::graph::detail::restored_size(names, present);
}
template <class List>
List list_of(std::initializer_list<float> values) {
  List list(values.size());
  auto place = list.begin();
  for (const float value : values) *place++ = {value, {value, value}};
  return list;
}
}  // namespace

TEST_CASE("a list's length is what consecutive names say") {
  CHECK(size_for({}, 0) == 0);
  CHECK(size_for({}, 3) == 0);
  CHECK(size_for({"0", "1", "2"}, 0) == 3);
  CHECK(size_for({"2", "0", "1"}, 1) == 3);
  CHECK(size_for({"0"}, 3) == 1);
  CHECK(size_for({"0", "2"}, 3) == 3);
}

TEST_CASE("a name like 4000000000, a gap or a word makes no list longer") {
  CHECK(size_for({"4000000000"}, 0) == 0);
  CHECK(size_for({"0", "1", "4000000000"}, 0) == 2);
  CHECK(size_for({"0", "0", "0"}, 0) == 1);
  CHECK(size_for({"18446744073709551615", "99999999999999999999"}, 2) == 0);
  CHECK(size_for({"00", "+0", "-0", " 0", "0x0", "", "zero"}, 0) == 0);
}

TEST_CASE_TEMPLATE("a list grows, shrinks and keeps what stays", List, std::vector<Item>, std::deque<Item>,
                   std::list<Item>) {
  auto source = list_of<List>({1, 2, 3});
  const SavedState saved(child("list", source));
  for (auto target : {list_of<List>({}), list_of<List>({9}), list_of<List>({9, 9, 9}), list_of<List>({9, 9, 9, 9})}) {
    const Restored restored = saved.restore(child("list", target));
    REQUIRE(target.size() == 3);
    CHECK(target.front().value == 1);
    CHECK(target.back().value == 3);
    CHECK(target.back().more == std::vector<float>{3, 3});
    CHECK(restored.matched.size() == 6);
    CHECK(restored.only_in_program.empty());
  }
}

TEST_CASE("members that are not saved stay when their list grows") {
  struct Partly {
    float value = 0;
    float program_only = 0;
  };
  auto source = list_of<std::vector<Item>>({1, 2});
  const SavedState saved(child("list", source));
  std::vector<Partly> target{{0, 42}};
  saved.restore(child("list", target));
  CHECK(target.size() == 2);
  CHECK(target[0].program_only == 42);
}

TEST_CASE("an array of structs keeps its length; what does not fit is listed") {
  auto source = list_of<std::vector<Item>>({1, 2, 3});
  const SavedState saved(child("list", source));
  std::array<Item, 2> target{};
  const Restored restored = saved.restore(child("list", target));
  CHECK(target[1].value == 2);
  CHECK(restored.only_in_checkpoint == Names{"list.2.value", "list.2.more"});
}

using TreeMap = std::map<std::string, Item>;
using HashMap = std::unordered_map<std::string, Item>;
TEST_CASE_TEMPLATE("a map gains the keys that were saved and loses the others", Map, TreeMap, HashMap) {
  Map source{{"a", {1, {}}}, {"b.c/d", {2, {5}}}};
  const SavedState saved(child("map", source));
  Map target{{"a", {9, {}}}, {"gone", {9, {}}}};
  saved.restore(child("map", target));
  REQUIRE(target.size() == 2);
  CHECK(target.at("a").value == 1);
  CHECK(target.at("b.c/d").value == 2);
  CHECK(target.at("b.c/d").more == std::vector<float>{5});
  Map empty;
  saved.restore(child("map", empty));
  CHECK(empty.size() == 2);
}

TEST_CASE("a map that is filled keeps its own order") {
  struct Backwards {
    bool is_backwards = false;
    bool operator()(const std::string& a, const std::string& b) const { return is_backwards ? b < a : a < b; }
  };
  std::map<std::string, float> source;
  for (int i = 0; i < 120; ++i) source[std::to_string(i)] = static_cast<float>(i);
  const SavedState saved(child("map", source));
  std::map<std::string, float, Backwards> target(Backwards{true});
  saved.restore(child("map", target));
  CHECK(target.size() == 120);
  CHECK(target.key_comp().is_backwards);
  CHECK(target.begin()->first == "99");
  CHECK(target.at("17") == 17);
  std::map<std::string, float, std::greater<>> reversed{{"gone", 1.f}};
  saved.restore(child("map", reversed));
  CHECK(reversed.size() == 120);
  CHECK(reversed.begin()->first == "99");
  CHECK(reversed.rbegin()->first == "0");
  for (const auto& [key, value] : reversed) CHECK(std::to_string(static_cast<int>(value)) == key);
}

TEST_CASE("containers in containers grow together") {
  std::map<std::string, std::vector<std::map<std::string, Item>>> source;
  source["x"] = {{{"p", {1, {1}}}}, {}, {{"q", {2, {}}}, {"r", {3, {}}}}};
  const SavedState saved(child("c", source));
  decltype(source) target;
  target["y"];
  saved.restore(child("c", target));
  REQUIRE(target.size() == 1);
  REQUIRE(target["x"].size() == 3);
  CHECK(target["x"][2].at("r").value == 3);
  CHECK(target["x"][1].empty());
}

TEST_CASE("a map as the root keeps the names that were added to the root out of itself") {
  std::map<std::string, float> map{{"a", 1.f}};
  std::int64_t counter = 3;
  float beside = 4;
  const auto root = [&](std::map<std::string, float>& object) {
    cairn::graph::detail::Root made = root_of(object);
    made.children = {{"beside", cairn::graph::detail::slot_of(beside)},
                     {"save_counter", cairn::graph::detail::slot_of(counter)}};
    return made;
  };
  const SavedState saved(root(map));
  std::map<std::string, float> target{{"z", 0.f}};
  counter = 0;
  beside = 0;
  saved.restore(root(target));
  CHECK(target == std::map<std::string, float>{{"a", 1.f}});
  CHECK(counter == 3);
  CHECK(beside == 4);
  saved.restore(root_of(target));  // as read(): without a counter
  CHECK_FALSE(target.contains("save_counter"));
}

TEST_CASE("a failed restore leaves containers as long as they were") {
  struct State {
    std::vector<Item> grows{{1, {}}}, shrinks{{1, {}}, {2, {}}};
    std::map<std::string, Item> keys{{"a", {1, {}}}};
    float last = 0;
  };
  State source{.grows = {{}, {}, {}}, .shrinks = {}, .keys = {{"b", {}}}};
  SavedState saved(root_of(source));
  saved.damaged.insert("last/.ATTRIBUTES/VARIABLE_VALUE");
  State target;
  const Item* const first = target.grows.data();
  CHECK(code_of([&] { saved.restore(root_of(target)); }) == ErrorCode::data_loss);
  CHECK(target.grows.size() == 1);
  CHECK(target.grows.data() == first);
  CHECK(target.grows[0].value == 1);
  CHECK(target.shrinks.size() == 2);
  CHECK(target.keys.size() == 1);
  CHECK(target.keys.at("a").value == 1);
}
