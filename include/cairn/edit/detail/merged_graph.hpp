// Two object graphs side by side, matched by names from the root: for the union of two checkpoints, and to find the
// same value in another checkpoint, where it may have another key.
#pragma once

#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../../graph/detail/graph_paths.hpp"
#include "edited_graph.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

// Each node's counterpart in the other graph; -1 where there is none. What fits first counts.
[[nodiscard]] inline std::vector<std::int32_t> match_graphs(const ObjectGraph& graph, const ObjectGraph& other) {
  std::vector<std::int32_t> matched(graph.size(), -1);
  graph::detail::ChildrenByName other_children;
  matched[0] = 0;
  std::vector<std::int32_t> queue{0};
  for (std::size_t next = 0; next < queue.size(); ++next)
    for (const ObjectReference child : graph[queue[next]].children) {
      std::int32_t& counterpart = matched[static_cast<std::size_t>(child.node_id)];
      if (counterpart >= 0) continue;
      const auto edge = other_children.find(other, matched[static_cast<std::size_t>(queue[next])], child.local_name);
      if (!edge) continue;
      counterpart = graph::detail::child_at(other, edge).node_id;
      queue.push_back(child.node_id);
    }
  // A slot variable's counterpart is that of the same optimizer, variable and name.
  for (std::size_t id = 0; id < graph.size(); ++id) {
    if (matched[id] < 0) continue;
    for (const SlotVariableReference slot : graph[static_cast<std::int32_t>(id)].slot_variables) {
      const std::int32_t variable = matched[static_cast<std::size_t>(slot.original_variable_node_id)];
      std::int32_t& counterpart = matched[static_cast<std::size_t>(slot.slot_variable_node_id)];
      if (variable < 0 || counterpart >= 0) continue;
      for (const SlotVariableReference candidate : other[matched[id]].slot_variables)
        if (candidate.slot_name == slot.slot_name && candidate.original_variable_node_id == variable)
          counterpart = candidate.slot_variable_node_id;
    }
  }
  return matched;
}

// An object is empty in the union where one of the two says so, and neither has it.
inline void add_empty_children(const ObjectGraph::Node& from, ObjectGraph& graph, std::int32_t to) {
  if (from.empty_children.empty()) return;
  std::unordered_set<std::string> known;
  for (const std::string_view name : graph[to].empty_children) known.emplace(name);
  for (const std::string_view name : from.empty_children)
    if (known.emplace(name).second) graph.add_empty_child(to, name);
}

struct MergedGraph {
  struct Value {
    std::string key;        // in the union
    std::string other_key;  // in the other checkpoint
    bool is_new = false;    // false where the first one has it as well
  };
  EditedGraph edited;
  std::vector<Value> values;  // of the other checkpoint
};

// A node of the other graph and the one that it becomes.
struct NodePair {
  std::int32_t other = 0;
  std::int32_t ours = 0;
  friend auto operator<=>(const NodePair&, const NodePair&) = default;
};

// All that either holds, below these pairs. Nodes of the same path become one; what both have is listed. Variables that
// slot variables belong to and that are not among them are looked up in `variables`, by the other's ids; what is not
// found there, either, throws Error (not_found).
[[nodiscard]] inline MergedGraph merged(GraphEdit edit, const ObjectGraph& other, std::vector<NodePair> pairs,
                                        const std::vector<std::int32_t>& variables = {}) {
  std::vector<std::int32_t> ours(other.size(), -1);  // the first one
  struct Found {
    std::int32_t node;
    std::string attribute;
    std::string other_key;
    bool is_new;
  };
  std::vector<Found> found;
  const auto take_node = [&](const NodePair& pair) {  // what is not its children
    const ObjectGraph::Node theirs = other[pair.other];
    for (SerializedTensor attribute : theirs.attributes) {
      bool is_new = true;
      for (const SerializedTensor known : edit.graph()[pair.ours].attributes)
        is_new = is_new && known.name != attribute.name;
      found.push_back({pair.ours, std::string(attribute.name), std::string(attribute.checkpoint_key), is_new});
      attribute.checkpoint_key = {};
      if (is_new) edit.graph().add_attribute(pair.ours, attribute);
    }
    add_empty_children(theirs, edit.graph(), pair.ours);
    if (!edit.is_old(static_cast<std::size_t>(pair.ours))) {
      if (theirs.registered_saver) edit.graph().set_registered_saver(pair.ours, *theirs.registered_saver);
      edit.graph().set_unknown_fields(pair.ours, theirs.unknown_fields);
    }
  };
  std::set<NodePair> further;  // of a node that becomes several: all but the first
  // Returns true for a pair that was not met before.
  const auto meet = [&](const NodePair& pair) {
    std::int32_t& first = ours[static_cast<std::size_t>(pair.other)];
    if (first < 0) {
      first = pair.ours;
      return true;
    }
    return first != pair.ours && further.insert(pair).second;
  };
  for (const NodePair& pair : pairs) static_cast<void>(meet(pair));
  for (std::size_t next = 0; next < pairs.size(); ++next) {
    const NodePair pair = pairs[next];
    take_node(pair);
    for (const ObjectReference child : other[pair.other].children) {
      const std::int32_t first = ours[static_cast<std::size_t>(child.node_id)];
      const std::int32_t known = edit.find_child(pair.ours, child.local_name);
      const std::int32_t counterpart = known >= 0 ? known : first >= 0 ? first : edit.new_node();
      if (known < 0) edit.add_child(pair.ours, child.local_name, counterpart);
      if (const NodePair below{child.node_id, counterpart}; meet(below)) pairs.push_back(below);
    }
  }
  for (std::size_t next = 0, end = pairs.size(); next < end; ++next)
    for (const SlotVariableReference slot : other[pairs[next].other].slot_variables) {
      const std::int32_t mine = pairs[next].ours;
      const auto of = static_cast<std::size_t>(slot.original_variable_node_id);
      const std::int32_t variable = ours[of] >= 0 ? ours[of] : variables.empty() ? -1 : variables[of];
      if (variable < 0 && variables.empty()) continue;
      if (variable < 0)
        throw Error(ErrorCode::not_found, "the slot variable \"" + std::string(slot.slot_name) + "\" belongs to \"" +
                                              other.path(slot.original_variable_node_id) +
                                              "\", which this checkpoint does not have; copy that first");
      const std::int32_t first = ours[static_cast<std::size_t>(slot.slot_variable_node_id)];
      std::int32_t counterpart = -1;
      for (const SlotVariableReference known : edit.graph()[mine].slot_variables)
        if (known.slot_name == slot.slot_name && known.original_variable_node_id == variable)
          counterpart = known.slot_variable_node_id;
      if (counterpart < 0) {
        counterpart = first >= 0 ? first : edit.new_node();
        SlotVariableReference reference = slot;
        reference.original_variable_node_id = variable;
        reference.slot_variable_node_id = counterpart;
        edit.graph().add_slot_variable(mine, reference);
      }
      if (const NodePair slots{slot.slot_variable_node_id, counterpart}; meet(slots)) take_node(slots);
    }
  MergedGraph result{std::move(edit).finish(), {}};
  for (Found& value : found) {
    const ObjectGraph::Node node = (*result.edited.graph)[result.edited.ids[static_cast<std::size_t>(value.node)]];
    for (const SerializedTensor attribute : node.attributes)
      if (attribute.name == value.attribute)
        result.values.push_back({std::string(attribute.checkpoint_key), std::move(value.other_key), value.is_new});
  }
  return result;
}

}  // namespace CAIRN_NAMESPACE::edit::detail
