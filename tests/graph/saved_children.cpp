#include <cairn/graph/detail/saved_children.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;
using cairn::graph::detail::SavedChildren;

namespace {

ObjectGraph graph_of(const std::vector<std::string>& names) {
  ObjectGraph graph;
  (void)graph.add_node();
  for (std::size_t i = 0; i < names.size(); ++i) graph.add_child(0, {static_cast<std::int32_t>(i), names[i]});
  return graph;
}
std::int32_t find(SavedChildren& children, const std::string& name) {
  return children.find(cairn::graph::detail::Child{.name = name, .slot = {}}).node;
}

const std::vector<std::string> words{"kernel", "bias", "", "b", "beta", "a", "gamma", "moving_mean", "zeta", "kernel2"};

}  // namespace

TEST_CASE("a child is found by its name, in lists of any order and length, asked for in any order") {
  std::vector<std::string> numbers;
  for (int i = 0; i < 120; ++i) numbers.push_back(std::to_string(i));
  for (std::vector<std::string> names : {words, numbers, std::vector<std::string>{"x", "", "y"}}) {
    const ObjectGraph graph = graph_of(names);
    SavedChildren children(graph[0]);
    CHECK(children.size() == names.size());
    for (std::size_t i = 0; i < names.size(); ++i) CHECK(find(children, names[i]) == static_cast<std::int32_t>(i));
    for (std::size_t i = names.size(); i-- > 0;) CHECK(find(children, names[i]) == static_cast<std::int32_t>(i));
    for (const char* const missing : {"kerne", "kernel22", "120", "00", "~"}) CHECK(find(children, missing) == -1);
    CHECK(find(children, names[1]) == 1);
  }
  SavedChildren none;
  CHECK(find(none, "") == -1);
}

TEST_CASE("of children with equal names the last one counts") {
  std::vector<std::string> names = words;
  names.insert(names.end(), {"bias", "last", "bias", "gamma"});
  const ObjectGraph graph = graph_of(names);
  SavedChildren children(graph[0]);
  for (int round = 0; round < 2; ++round) {
    CHECK(find(children, "bias") == 12);
    CHECK(find(children, "gamma") == 13);
    CHECK(find(children, "last") == 11);
    CHECK(find(children, "kernel") == 0);
  }
  const std::vector<std::string> three{"a", "b", "a"};
  const ObjectGraph few = graph_of(three);
  SavedChildren of_few(few[0]);
  CHECK(find(of_few, "a") == 2);
}

TEST_CASE("a live child's other names are looked for behind its own") {
  const std::vector<std::string> names{"old", "older"};
  const ObjectGraph graph = graph_of(names);
  SavedChildren children(graph[0]);
  const std::vector<std::string_view> others{"older", "old"};
  CHECK(children.find(cairn::graph::detail::Child{.name = "new", .other_names = others, .slot = {}}).node == 1);
  CHECK(children.find(cairn::graph::detail::Child{.name = "old", .other_names = others, .slot = {}}).node == 0);
}
