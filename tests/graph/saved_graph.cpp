// Object graphs of files may say anything; what is wrong is said, and paths stay short.
#include <cairn/graph/detail/saved_graph.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"

#include <limits>

using namespace cairn;
using namespace cairn::test;
using cairn::graph::detail::SavedGraph;

namespace {
std::optional<ErrorCode> open(std::vector<TrackableObject> nodes) {
  return code_of([&] { const SavedGraph graph({.nodes = nodes}, "file"); });
}
}  // namespace

TEST_CASE("a graph without nodes, or with an edge to none, is damaged") {
  CHECK(open({}) == ErrorCode::data_loss);
  for (const std::int32_t id :
       {-1, 1, 2, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()})
    CHECK(open({node({{id, "x"}})}) == ErrorCode::data_loss);
  TrackableObject slots;
  slots.slot_variables.push_back({0, "m", 7});
  CHECK(open({slots}) == ErrorCode::data_loss);
  slots.slot_variables[0] = {-7, "m", 0};
  CHECK(open({slots}) == ErrorCode::data_loss);
}

TEST_CASE("cycles, edges to the root and nodes that nothing reaches are legal") {
  CHECK(open({node({{0, "self"}, {1, "a"}}), node({{0, "up"}, {1, "me"}}), node({{2, "alone"}})}) == std::nullopt);
}

TEST_CASE("a path names the edges from the root; nodes that nothing reaches are called by their key") {
  const SavedGraph graph({.nodes = {node({{1, "model"}}), node({{2, "kernel"}}), node({}, "model/kernel/k"),
                                    node({}, "slot/key"), node({})}},
                         "file");
  CHECK(graph.path(2) == "model.kernel");
  CHECK(graph.path(3) == "slot/key");
  CHECK(graph.path(4) == "(node 4)");
  CHECK(graph.path(0) == "");
}

TEST_CASE("a path of millions of names, or of one name of megabytes, shows its end") {
  std::vector<TrackableObject> chain;
  for (std::int32_t i = 1; i < 100'000; ++i) chain.push_back(node({{i, "name"}}));
  chain.push_back(node({}, "key"));
  const SavedGraph deep({.nodes = chain}, "file");
  CHECK(deep.path(99'999).size() < 600);
  CHECK(deep.path(99'999).ends_with(".name.name"));
  const SavedGraph wide({.nodes = {node({{1, std::string(5'000'000, 'x')}}), node({{2, "leaf"}}), node({}, "key")}},
                        "file");
  CHECK(wide.path(2).size() < 600);
  CHECK(wide.path(2).ends_with("xxx.leaf"));
}
