// Walks over an object graph whose ids are right (ObjectGraph::require_ids): what a node holds, and what has values. A
// graph is anybody's, and may be as deep as it is large: nothing here calls itself.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// The ids of the node and of all that it holds, breadth first, each once. With `and_slots` slot variables of what it
// holds are among them, behind the children of their optimizer.
[[nodiscard]] inline core::detail::Vec<std::int32_t> reachable(const ObjectGraph& graph, std::int32_t from = 0,
                                                               bool and_slots = false) {
  core::detail::Vec<std::int32_t> nodes{from};
  core::detail::Vec<bool> seen(graph.size());
  const auto take = [&](std::int32_t id) {
    if (!std::exchange(seen[static_cast<std::size_t>(id)], true)) nodes.push_back(id);
  };
  seen[static_cast<std::size_t>(from)] = true;
  for (std::size_t next = 0; next < nodes.size(); ++next) {
    const ObjectGraph::Node node = graph[nodes[next]];
    for (const ObjectReference child : node.children) take(child.node_id);
    if (and_slots)
      for (const SlotVariableReference slot : node.slot_variables) take(slot.slot_variable_node_id);
  }
  return nodes;
}

// Which nodes have a value, or anything below them has: TensorFlow's has_checkpoint_values, which tells a restore what
// is worth waiting for. With `or_slots` also those whose own value may be gone while an optimizer keeps slot variables
// for them.
[[nodiscard]] inline core::detail::Vec<bool> nodes_with_values(const ObjectGraph& graph, bool or_slots = false) {
  // The parents of node i are parents[begin[i]] up to parents[begin[i + 1]].
  core::detail::Vec<std::size_t> begin(graph.size() + 2);
  core::detail::Vec<bool> has_values(graph.size());
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const ObjectGraph::Node node = graph[static_cast<std::int32_t>(id)];
    for (const ObjectReference child : node.children) ++begin[static_cast<std::size_t>(child.node_id) + 2];
    if (!node.attributes.empty() || !node.slot_variables.empty() || node.registered_saver) has_values[id] = true;
    if (or_slots)
      for (const SlotVariableReference slot : node.slot_variables)
        has_values[static_cast<std::size_t>(slot.original_variable_node_id)] = true;
  }
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  core::detail::Vec<std::int32_t> parents(begin.back());
  core::detail::Vec<std::int32_t> open;
  for (std::size_t id = 0; id < graph.size(); ++id) {
    for (const ObjectReference child : graph.children(static_cast<std::int32_t>(id)))
      parents[begin[static_cast<std::size_t>(child.node_id) + 1]++] = static_cast<std::int32_t>(id);
    if (has_values[id]) open.push_back(static_cast<std::int32_t>(id));
  }
  while (!open.empty()) {
    const auto id = static_cast<std::size_t>(open.back());
    open.pop_back();
    for (std::size_t i = begin[id]; i < begin[id + 1]; ++i)
      if (!std::exchange(has_values[static_cast<std::size_t>(parents[i])], true)) open.push_back(parents[i]);
  }
  return has_values;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
