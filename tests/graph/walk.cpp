// Node ids, edges and keys of user states, in TensorFlow's order.
#include <cairn/graph/detail/walk.hpp>

#include <doctest/doctest.h>

#include <cairn/reflect/not_saved.hpp>

#include "graph/saved_state.hpp"

#include <cstdint>
#include <memory>
#include <thread>
#include <tuple>
#include <unordered_map>

using namespace cairn;
using namespace cairn::test;

namespace {
struct Layer {
  Variable<float, 2> kernel;
  float bias = 0;
};
struct Model {
  Layer first;
  std::vector<Layer> layers = std::vector<Layer>(2);
  std::string note;
};
struct Empty {};
struct WithEmpty {
  Empty empty;
  std::vector<Layer> none;
  std::int32_t one = 1;
};
struct Shared {
  std::shared_ptr<Layer> one = std::make_shared<Layer>();
  std::shared_ptr<Layer> two = one;
  Layer* three = one.get();
};
struct Ring {
  float value = 0;
  Ring* next = nullptr;
};
struct Hidden {
  float seen = 0;
  NotSaved<std::thread> worker;
  NotSaved<float> cache;
};
struct Relabelled {
  float weights = 0;
  float cache = 0;
};
struct Many {
  Variable<float> v00, v01, v02, v03, v04, v05, v06, v07, v08, v09, v10, v11, v12, v13, v14, v15, v16, v17, v18, v19,
      v20, v21, v22, v23, v24, v25, v26, v27, v28, v29, v30, v31, v32, v33, v34, v35, v36, v37, v38, v39, v40, v41, v42,
      v43, v44, v45, v46, v47, v48, v49, v50, v51, v52, v53, v54, v55, v56, v57, v58, v59, v60, v61, v62, v63;
};
}  // namespace

template <>
inline constexpr auto cairn::members<Relabelled> =
    cairn::describe(cairn::rename<"weights">("kernel", "w"), cairn::not_saved<"cache">());

TEST_CASE("nodes are numbered breadth first, members in the order of their declaration") {
  Model model;
  const SavedState saved(root_of(model));
  CHECK(saved.children(0) == Names{"first -> 1", "layers -> 2", "note -> 3"});
  CHECK(saved.children(1) == Names{"kernel -> 4", "bias -> 5"});
  CHECK(saved.children(2) == Names{"0 -> 6", "1 -> 7"});
  CHECK(saved.children(6) == Names{"kernel -> 8", "bias -> 9"});
  CHECK(saved.graph.size() == 12);
  CHECK(saved.graph[8].attributes[0].checkpoint_key == "layers/0/kernel/.ATTRIBUTES/VARIABLE_VALUE");
}

TEST_CASE("an object reached twice is one node under the shortest path") {
  Shared shared;
  const SavedState saved(root_of(shared));
  CHECK(saved.children(0) == Names{"one -> 1", "two -> 1", "three -> 1"});
  CHECK(saved.keys() == Names{"one/bias/.ATTRIBUTES/VARIABLE_VALUE", "one/kernel/.ATTRIBUTES/VARIABLE_VALUE"});
}

TEST_CASE("keys are right in a deep state, and where a node comes long after its parent") {
  struct Link {
    float before = 0;
    std::unique_ptr<Link> next;
    std::vector<std::vector<float>> after = {{1}, {2}};
  };
  Link root;
  std::string path;
  Link* last = &root;
  for (int depth = 0; depth < 300; ++depth) {
    last->next = std::make_unique<Link>();
    last = last->next.get();
  }
  const ObjectGraph graph = walk(root_of(root)).graph;
  std::int32_t at = 0;
  for (int depth = 0; depth <= 300; ++depth) {
    const auto children = graph[at].children;
    const auto key_of = [&](std::int32_t id) { return graph[id].attributes[0].checkpoint_key; };
    CHECK(key_of(children.front().node_id) == path + "before/.ATTRIBUTES/VARIABLE_VALUE");
    const auto list = graph[children.back().node_id].children;
    CHECK(key_of(list[1].node_id) == path + "after/1/.ATTRIBUTES/VARIABLE_VALUE");
    at = children[1].node_id;
    path += "next/";
  }
}

TEST_CASE("a cycle is an edge back") {
  Ring a, b;
  a.next = &b;
  b.next = &a;
  const SavedState saved(root_of(a));
  CHECK(saved.children(0) == Names{"value -> 1", "next -> 2"});
  CHECK(saved.children(2) == Names{"value -> 3", "next -> 0"});
}

TEST_CASE("a struct and its first member are two nodes although they share an address") {
  struct Outer {
    struct {
      Variable<float> x;
    } inner;
  } outer;
  const SavedState saved(root_of(outer));
  CHECK(saved.graph.size() == 3);
}

TEST_CASE("empty structs and containers are nodes without values") {
  WithEmpty state;
  const SavedState saved(root_of(state));
  CHECK(saved.children(0) == Names{"empty -> 1", "none -> 2", "one -> 3"});
  CHECK(saved.graph[0].has_checkpoint_values == true);
  CHECK(saved.graph[1].has_checkpoint_values == false);
  CHECK(saved.graph[2].has_checkpoint_values == false);
}

TEST_CASE("sixty-four members are sixty-four edges") {
  Many many;
  const SavedState saved(root_of(many));
  CHECK(saved.graph.size() == 65);
  CHECK(saved.graph[0].children[63].local_name == "v63");
}

TEST_CASE("empty pointers and optionals have no edge") {
  struct {
    std::optional<float> optional;
    std::unique_ptr<Layer> unique;
    std::shared_ptr<Layer> shared;
    std::weak_ptr<Layer> weak;
    Layer* raw = nullptr;
    float last = 0;
  } state;
  CHECK(SavedState(root_of(state)).children(0) == Names{"last -> 1"});
}

TEST_CASE("the keys of a map are edges in sorted order, whatever the map's own") {
  std::unordered_map<std::string, float> map{{"zeta", 1.f}, {"alpha", 2.f}, {"a/b.c", 3.f}};
  const SavedState saved(child("map", map));
  CHECK(saved.children(1) == Names{"a/b.c -> 2", "alpha -> 3", "zeta -> 4"});
  CHECK(saved.values.contains("map/a.Sb..c/.ATTRIBUTES/VARIABLE_VALUE"));
}

TEST_CASE("a tuple's and a pair's elements are numbered") {
  std::tuple<float, std::pair<std::int32_t, std::string>> tuple;
  const SavedState saved(child("t", tuple));
  CHECK(saved.children(1) == Names{"0 -> 2", "1 -> 3"});
  CHECK(saved.children(3) == Names{"0 -> 4", "1 -> 5"});
}

TEST_CASE("a renamed member has its first name, one left out none") {
  Relabelled renamed;
  CHECK(SavedState(root_of(renamed)).children(0) == Names{"kernel -> 1"});
}

TEST_CASE("members marked NotSaved are passed by") {
  Hidden hidden;
  CHECK(SavedState(root_of(hidden)).children(0) == Names{"seen -> 1"});
}

TEST_CASE("a variable's name is its full name in the graph") {
  struct {
    Variable<float> named{1.f, {.name = "sequential/dense/kernel"}};
    Variable<float> unnamed;
  } state;
  const SavedState saved(root_of(state));
  CHECK(saved.graph[1].attributes[0].full_name == "sequential/dense/kernel");
  CHECK(saved.graph[2].attributes[0].full_name == "Variable");
}

TEST_CASE("values whose keys would be the same are refused with the key") {
  std::map<std::string, Variable<float>> map;
  map[""];
  float leaf = 0;
  cairn::graph::detail::Root root{
      .object = {}, .children = {{"", cairn::graph::detail::slot_of(leaf)}, {"x", cairn::graph::detail::slot_of(map)}}};
  CHECK_NOTHROW((void)SavedState(root));
  float other = 0;
  root.children.push_back({"", cairn::graph::detail::slot_of(other)});
  CHECK(code_of([&] { (void)SavedState(root); }) == ErrorCode::invalid_argument);
}
