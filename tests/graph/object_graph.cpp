// Object graphs of files may say anything; what is wrong is said, and paths stay short.
#include <cairn/core/object_graph.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {
std::optional<ErrorCode> open(const ObjectGraph& graph) {
  return code_of([&] { graph.require_ids("file"); });
}
}  // namespace

TEST_CASE("a graph without nodes, or with an edge to none, is damaged") {
  CHECK(open({}) == ErrorCode::data_loss);
  for (const std::int32_t id :
       {-1, 1, 2, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()})
    CHECK(open(graph_of({node({{id, "x"}})})) == ErrorCode::data_loss);
  ObjectGraph slots = graph_of({node({})});
  slots.add_slot_variable(0, {0, "m", 7});
  CHECK(open(slots) == ErrorCode::data_loss);
  slots.set_slot_variable(0, 0, {-7, "m", 0});
  CHECK(open(slots) == ErrorCode::data_loss);
  slots.set_slot_variable(0, 0, {0, "m", 0});
  CHECK(open(slots) == std::nullopt);
}

TEST_CASE("cycles, edges to the root and nodes that nothing reaches are legal") {
  CHECK(open(graph_of({node({{0, "self"}, {1, "a"}}), node({{0, "up"}, {1, "me"}}), node({{2, "alone"}})})) ==
        std::nullopt);
}

TEST_CASE("a path names the edges from the root; nodes that nothing reaches are called by their key") {
  const ObjectGraph graph = graph_of(
      {node({{1, "model"}}), node({{2, "kernel"}}), node({}, "model/kernel/k"), node({}, "slot/key"), node({})});
  CHECK(graph.path(2) == "model.kernel");
  CHECK(graph.path(3) == "slot/key");
  CHECK(graph.path(4) == "(node 4)");
  CHECK(graph.path(0) == "");
}

TEST_CASE("a path of millions of names, or of one name of megabytes, shows its end") {
  ObjectGraph deep;
  for (std::int32_t i = 1; i < 100'000; ++i) add_node(deep, {{i, "name"}});
  add_node(deep, {}, "key");
  CHECK(deep.path(99'999).size() < 600);
  CHECK(deep.path(99'999).ends_with(".name.name"));
  const ObjectGraph wide = graph_of({node({{1, std::string(5'000'000, 'x')}}), node({{2, "leaf"}}), node({}, "key")});
  CHECK(wide.path(2).size() < 600);
  CHECK(wide.path(2).ends_with("xxx.leaf"));
}

TEST_CASE("what is added, changed and taken away in any order leaves all else as it was") {
  // A graph beside plain lists, with the same done to both.
  struct Node {
    std::vector<std::pair<std::int32_t, std::string>> children;
    std::vector<std::string> keys, empty;
  };
  std::vector<Node> plain;
  ObjectGraph graph;
  std::uint32_t random = 1;
  const auto below = [&](std::size_t end) { return (random = random * 1'664'525u + 1'013'904'223u) % 65'537 % end; };
  for (int step = 0; step < 3000; ++step) {
    if (plain.empty() || below(20) == 0) {
      CHECK(graph.add_node() == static_cast<std::int32_t>(plain.size()));
      plain.emplace_back();
    }
    const std::size_t at = below(plain.size());
    const auto id = static_cast<std::int32_t>(at);
    Node& node = plain[at];
    const std::string name = "name " + std::to_string(step);
    const auto other = static_cast<std::int32_t>(below(plain.size()));
    switch (below(8)) {
      case 0:
      case 1:
        graph.add_child(id, {other, name, below(3) == 0 ? "unknown" : ""});
        node.children.emplace_back(other, name);
        break;
      case 2:
        graph.add_attribute(id, {"VARIABLE_VALUE", "full", name});
        node.keys.push_back(name);
        break;
      case 3:
        graph.add_empty_child(id, name);
        node.empty.push_back(name);
        break;
      case 4:
        if (node.children.empty()) break;
        node.children.back() = {other, name};
        graph.set_child(id, node.children.size() - 1, other, name);
        break;
      case 5:
        if (node.keys.empty()) break;
        node.keys[0] = name;
        graph.set_key(id, 0, name);
        break;
      case 6:
        std::erase_if(node.children, [&](const auto& each) { return each.first == other; });
        graph.erase_children(id, [&](const ObjectReference& each) { return each.node_id == other; });
        break;
      default:
        if (node.keys.empty()) break;
        graph.erase_attributes(id, [&](const SerializedTensor& each) { return each.checkpoint_key == node.keys[0]; });
        node.keys.erase(node.keys.begin());
    }
  }
  for (std::size_t id = 0; id < plain.size(); ++id) {
    std::vector<std::pair<std::int32_t, std::string>> children;
    std::vector<std::string> keys, empty;
    for (const ObjectReference each : graph[id].children) children.emplace_back(each.node_id, each.local_name);
    for (const SerializedTensor each : graph[id].attributes) {
      keys.emplace_back(each.checkpoint_key);
      CHECK(each.name == "VARIABLE_VALUE");
      CHECK(each.full_name == "full");
    }
    for (const std::string_view each : graph[id].empty_children) empty.emplace_back(each);
    CHECK(children == plain[id].children);
    CHECK(keys == plain[id].keys);
    CHECK(empty == plain[id].empty);
  }
}
