// Members that may hold nothing: what the checkpoint says of them is so after a restore, what it does not know is kept,
// and pointers into the state lead to where they led.
#include <cairn/checkpoint/checkpoint.hpp>

#include <doctest/doctest.h>

#include "checkpoint/states.hpp"

#include <array>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

using Files = cairn::testing::MemoryFileSystem;

struct Item {
  int n = 0;
};

template <class State>
std::string save(Files& files, State& state, const std::string& path = "p") {
  return CheckpointIn(files, state).write(path);
}
template <class State>
LoadStatus restore(Files& files, State& state, const RestoreOptions& options = {}) {
  return CheckpointIn(files, state).read("p", options);
}

// The members that may be empty, and one that may not.
struct May {
  int a = 1;
  std::optional<Item> optional;
  std::optional<double> number;
  std::unique_ptr<Item> unique;
  std::shared_ptr<Item> shared;
  std::weak_ptr<Item> weak;
  Item* raw = nullptr;
};
May engaged(Item& outside) {
  return {0, Item{2}, 0.5, std::make_unique<Item>(Item{3}), std::make_shared<Item>(Item{4}), {}, &outside};
}

}  // namespace

TEST_CASE("members that the checkpoint never knew keep what they hold, and are listed as only in the program") {
  struct {
    int a = 1;
  } old;
  Files files;
  save(files, old);
  Item outside{5};
  May state = engaged(outside);
  const LoadStatus status = restore(files, state);
  CHECK(state.a == 1);
  REQUIRE(state.optional);
  CHECK(state.optional->n == 2);
  CHECK(state.number == 0.5);
  REQUIRE(state.unique);
  CHECK(state.unique->n == 3);
  REQUIRE(state.shared);
  CHECK(state.shared->n == 4);
  CHECK(state.raw == &outside);
  CHECK(status.only_in_program() == Names{"optional.n", "number", "unique.n", "shared.n", "raw.n"});
  CHECK_THROWS_AS(status.assert_existing_objects_matched(), Error);
  CHECK_THROWS_AS(status.assert_consumed(), Error);
}

TEST_CASE("members that were saved empty are empty again, and everything fits") {
  May empty;
  Files files;
  save(files, empty);
  Item outside{5};
  May state = engaged(outside);
  const auto kept = std::make_shared<Item>();
  state.weak = kept;
  const LoadStatus status = restore(files, state);
  status.assert_consumed();
  CHECK_FALSE(state.optional);
  CHECK_FALSE(state.number);
  CHECK(state.unique == nullptr);
  CHECK(state.shared == nullptr);
  CHECK(state.weak.lock() == nullptr);
  CHECK(state.raw == nullptr);
}

TEST_CASE("a child of the root that was saved empty is empty again, also when it is tracked later") {
  std::optional<float> nothing;
  float other = 3;
  Files files;
  CheckpointIn(files, "maybe"_a = nothing, "other"_a = other).write("p");
  std::optional<float> now = 1, later = 2;
  CheckpointIn(files, "maybe"_a = now, "other"_a = other).read("p").assert_consumed();
  CHECK_FALSE(now);
  CheckpointIn checkpoint(files, "new"_a = other);
  const LoadStatus status = checkpoint.read("p");
  checkpoint.track("maybe", later);
  CHECK_FALSE(later);
  std::optional<float> unknown = 4;
  checkpoint.track("unknown", unknown);
  CHECK(unknown == 4);
  CHECK(status.only_in_program() == Names{"new", "unknown"});
}

TEST_CASE("a list and a map that the checkpoint has are what it says: length, keys and empty elements") {
  struct Lists {
    std::vector<std::optional<int>> list;
    std::deque<std::unique_ptr<Item>> owners;
    std::map<std::string, std::unique_ptr<Item>> map;
    std::array<std::optional<int>, 3> array;
    std::tuple<std::optional<int>, int> tuple;
    std::vector<Item> items;
  };
  Lists saved;
  saved.list = {1, std::nullopt, 3, std::nullopt, std::nullopt};
  saved.owners.resize(2);
  saved.map["empty"];
  saved.map["full"] = std::make_unique<Item>(Item{7});
  saved.array = {std::nullopt, 2, std::nullopt};
  saved.items.resize(1);
  Files files;
  save(files, saved);
  for (const bool is_full : {false, true}) {
    Lists state;
    if (is_full) {
      state.list.assign(9, 8);
      for (int i = 0; i < 3; ++i) state.owners.push_back(std::make_unique<Item>());
      for (const auto* const key : {"empty", "full", "more"}) state.map[key] = std::make_unique<Item>();
      state.array = {5, 5, 5};
      state.tuple = {5, 5};
      state.items.resize(4);
    }
    restore(files, state).assert_consumed();
    CHECK(state.list == saved.list);
    REQUIRE(state.owners.size() == 2);
    CHECK(state.owners[0] == nullptr);
    REQUIRE(state.map.size() == 2);
    CHECK(state.map.at("empty") == nullptr);
    CHECK(state.map.at("full")->n == 7);
    CHECK(state.array == saved.array);
    CHECK_FALSE(std::get<0>(state.tuple));
    CHECK(state.items.size() == 1);
  }
}

TEST_CASE("elements behind all that the checkpoint has of an array or a tuple are kept, and listed") {
  struct {
    std::array<std::optional<int>, 2> array{1, 2};
    std::tuple<int> tuple{3};
  } old;
  struct {
    std::array<std::optional<int>, 3> array{7, 8, 9};
    std::tuple<int, std::optional<int>> tuple{5, 6};
  } state;
  Files files;
  save(files, old);
  const LoadStatus status = restore(files, state);
  CHECK(state.array == std::array<std::optional<int>, 3>{1, 2, 9});
  CHECK(std::get<1>(state.tuple) == 6);
  CHECK(status.only_in_program() == Names{"array.2", "tuple.1"});
}

TEST_CASE("lists and maps that the checkpoint has nothing of are kept") {
  struct {
    int a = 1;
  } old;
  struct {
    int a = 0;
    std::vector<Item> list{{1}, {2}};
    std::vector<std::unique_ptr<Item>> owners;
    std::map<std::string, std::optional<int>> map{{"k", 3}, {"none", std::nullopt}};
  } state;
  state.owners.push_back(std::make_unique<Item>());
  Files files;
  save(files, old);
  const LoadStatus status = restore(files, state);
  CHECK(state.list.size() == 2);
  CHECK(state.owners.at(0) != nullptr);
  CHECK(state.map.size() == 2);
  CHECK(status.only_in_program() == Names{"list.n", "owners.0.n", "map.k"});
}

TEST_CASE("what a rename puts into a list or a map says nothing of its other elements") {
  struct {
    int a = 1, b = 2;
  } old;
  struct {
    std::vector<Item> list{{7}, {8}};
    std::map<std::string, std::optional<int>> map{{"k", 3}};
  } state;
  Files files;
  save(files, old);
  const LoadStatus status = restore(files, state, {.rename = {{"a", "list.0.n"}, {"b", "map.new"}}});
  REQUIRE(state.list.size() == 2);
  CHECK(state.list[0].n == 1);
  CHECK(state.list[1].n == 8);
  REQUIRE(state.map.size() == 2);
  CHECK(state.map.at("new") == 2);
  CHECK(state.map.at("k") == 3);
  CHECK(status.only_in_program() == Names{"list.1.n", "map.k"});
}

TEST_CASE("a renamed member that was saved empty under its earlier name is empty again") {
  struct {
    std::optional<int> before;
    int a = 1;
  } old;
  struct {
    std::optional<int> after = 3;
    int a = 0;
  } state;
  Files files;
  save(files, old);
  CHECK(restore(files, state).only_in_program() == Names{"after"});
  CHECK(state.after == 3);
}

TEST_CASE("a save after an element became empty says so, although the edges are what they were") {
  struct {
    std::vector<std::optional<int>> list{1, std::nullopt};
  } state;
  Files files;
  CheckpointIn checkpoint(files, state);
  checkpoint.write("before");
  state.list.resize(1);
  checkpoint.write("p");
  state.list.clear();
  checkpoint.read("p").assert_consumed();
  CHECK(state.list.size() == 1);
  checkpoint.read("before").assert_consumed();
  CHECK(state.list.size() == 2);
}

namespace {
struct Node {
  int value = 0;
  std::vector<std::unique_ptr<Node>> children;
  Node* parent = nullptr;
};
struct Tree {
  std::unique_ptr<Node> root;
  Node* current = nullptr;
};
}  // namespace

TEST_CASE("pointers into the state lead to where they led when it was saved") {
  Tree tree;
  tree.root = std::make_unique<Node>();
  tree.root->children.push_back(std::make_unique<Node>(Node{2, {}, tree.root.get()}));
  tree.current = tree.root->children[0].get();
  Files files;
  save(files, tree);
  Tree restored;
  restore(files, restored).assert_consumed();
  REQUIRE(restored.root != nullptr);
  REQUIRE(restored.root->children.size() == 1);
  CHECK(restored.current == restored.root->children[0].get());
  CHECK(restored.current->value == 2);
  CHECK(restored.current->parent == restored.root.get());
  CHECK(restored.root->parent == nullptr);
}

TEST_CASE("raw and weak pointers find a shared object that comes after them, in lists and in optionals, too") {
  struct State {
    Item* before = nullptr;
    std::weak_ptr<Item> weak;
    std::vector<Item*> all;
    std::shared_ptr<Item> shared;
    std::optional<Item> optional;
    Item* in_optional = nullptr;
    std::optional<Item*> maybe;
  };
  State state;
  state.shared = std::make_shared<Item>(Item{4});
  state.weak = state.shared;
  state.before = state.shared.get();
  state.optional = Item{5};
  state.in_optional = &*state.optional;
  state.all = {state.shared.get(), nullptr, state.in_optional};
  Files files;
  save(files, state);
  State restored;
  restore(files, restored).assert_consumed();
  REQUIRE(restored.shared != nullptr);
  CHECK(restored.before == restored.shared.get());
  CHECK(restored.weak.lock() == restored.shared);
  REQUIRE(restored.optional);
  CHECK(restored.in_optional == &*restored.optional);
  CHECK(restored.all == std::vector<Item*>{restored.shared.get(), nullptr, restored.in_optional});
}

TEST_CASE_TEMPLATE("pointers and references to elements of a list that grows lead to them where they are then", List,
                   std::vector<Item>, std::deque<Item>, std::list<Item>) {
  struct State {
    List list;
    Item* first = nullptr;
    Item* last = nullptr;
    Item* fresh = nullptr;
  };
  State state{{{1}, {2}, {3}}, nullptr, nullptr, nullptr};
  state.first = &state.list.front();
  state.last = &state.list.back();
  Files files;
  save(files, state);
  for (const bool is_known : {false, true}) {
    State restored{{{7}}, nullptr, nullptr, nullptr};
    if (is_known) restored.first = &restored.list.front();
    restore(files, restored).assert_consumed();
    REQUIRE(restored.list.size() == 3);
    CHECK(restored.first == &restored.list.front());
    CHECK(restored.last == &restored.list.back());
    CHECK(restored.fresh == nullptr);
    CHECK(restored.first->n == 1);
  }
}

TEST_CASE("a pointer in an element that moves, to an optional that appears in another, leads there") {
  struct Part {
    std::optional<Item> item;
    Item* other = nullptr;
  };
  struct State {
    std::vector<Part> parts;
  } state;
  state.parts.resize(3);
  state.parts[1].item = Item{6};
  state.parts[0].other = state.parts[2].other = &*state.parts[1].item;
  Files files;
  save(files, state);
  State restored;
  restored.parts.resize(2);
  restore(files, restored).assert_consumed();
  REQUIRE(restored.parts.size() == 3);
  REQUIRE(restored.parts[1].item);
  CHECK(restored.parts[0].other == &*restored.parts[1].item);
  CHECK(restored.parts[2].other == &*restored.parts[1].item);
  CHECK(restored.parts[1].other == nullptr);
}

TEST_CASE("what a pointer led to and cannot lead to now is listed, so that not everything was consumed") {
  struct Other {
    int n = 0;
  };
  struct {
    std::shared_ptr<Item> shared = std::make_shared<Item>(Item{4});
    Item* raw = shared.get();
  } state;
  struct {
    std::shared_ptr<Item> shared;
    Other* raw = nullptr;
  } other_type;
  struct {
    Item* raw = nullptr;
  } without_owner;
  struct {
    std::optional<Item> shared, raw;
  } two_owners;
  Files files;
  save(files, state);
  const LoadStatus status = restore(files, other_type);
  CHECK(status.only_in_checkpoint() == Names{"raw"});
  CHECK(other_type.raw == nullptr);
  CHECK_THROWS_AS(status.assert_consumed(), Error);
  CHECK(restore(files, without_owner).only_in_checkpoint() == Names{"shared.n"});
  CHECK(restore(files, two_owners).only_in_checkpoint() == Names{"raw"});
  CHECK(two_owners.shared->n == 4);
}

TEST_CASE("a restore that fails leaves pointers and empty members what they were") {
  Tree tree;
  tree.root = std::make_unique<Node>(Node{1, {}, nullptr});
  tree.current = tree.root.get();
  Files files;
  save(files, tree);
  struct {
    struct Wrong {
      double value = 0;
    };
    std::unique_ptr<Wrong> root;
    Wrong* current = nullptr;
  } wrong;
  CHECK_THROWS_AS(restore(files, wrong), Error);
  CHECK(wrong.root == nullptr);
  CHECK(wrong.current == nullptr);
}

TEST_CASE("what a raw pointer leads to that the checkpoint knows nothing of does not end, and is listed") {
  struct {
    std::unique_ptr<Item> unique;
    std::shared_ptr<Item> shared;
    std::vector<Item> list{{1}};
  } old;
  struct {
    std::unique_ptr<Item> unique = std::make_unique<Item>(Item{5});
    std::shared_ptr<Item> shared = std::make_shared<Item>(Item{6});
    std::vector<Item> list{{7}, {8}, {9}};
    Item* a = unique.get();
    Item* b = shared.get();
    Item* c = &list[1];
  } state;
  Files files;
  save(files, old);
  const LoadStatus status = restore(files, state);
  CHECK(status.only_in_program() == Names{"a.n", "b.n", "c.n"});
  CHECK(state.a->n == 5);
  CHECK(state.b->n == 6);
  CHECK(state.list.size() == 2);
  CHECK(state.c == &state.list[1]);
  CHECK(state.c->n == 8);
}

TEST_CASE("a pointer to what is tracked later leads there when it is") {
  Tree tree;
  Node node{3, {}, nullptr};
  tree.current = &node;
  Files files;
  CheckpointIn(files, "tree"_a = tree, "node"_a = node).write("p");
  Tree later;
  Node other;
  CheckpointIn checkpoint(files, "tree"_a = later);
  const LoadStatus status = checkpoint.read("p");
  CHECK(later.current == nullptr);
  CHECK_THROWS_AS(status.assert_consumed(), Error);
  checkpoint.track("node", other);
  CHECK(later.current == &other);
  CHECK(other.value == 3);
  status.assert_consumed();
}
