// Two object graphs side by side, matched by names from the root: for the union of two checkpoints, and to find the
// same value in another checkpoint, where it may have another key.
#pragma once

#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../../graph/detail/saved_graph.hpp"
#include "edited_graph.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cairn::edit::detail {

// Each node's counterpart in the other graph; -1 where there is none. What fits first counts.
[[nodiscard]] inline std::vector<std::int32_t> match_graphs(const graph::detail::SavedGraph& graph,
                                                            const graph::detail::SavedGraph& other) {
  std::vector<std::int32_t> matched(graph.size(), -1);
  ChildrenByName other_children(other.message());
  matched[0] = 0;
  std::vector<std::int32_t> queue{0};
  for (std::size_t next = 0; next < queue.size(); ++next)
    for (const ObjectReference& child : graph[queue[next]].children) {
      std::int32_t& counterpart = matched[static_cast<std::size_t>(child.node_id)];
      if (counterpart >= 0) continue;
      const auto edge = other_children.find(matched[static_cast<std::size_t>(queue[next])], child.local_name);
      if (!edge) continue;
      counterpart = other_children.node(*edge);
      queue.push_back(child.node_id);
    }
  // A slot variable's counterpart is that of the same optimizer, variable and name.
  for (std::size_t id = 0; id < graph.size(); ++id) {
    if (matched[id] < 0) continue;
    for (const SlotVariableReference& slot : graph[static_cast<std::int32_t>(id)].slot_variables) {
      const std::int32_t variable = matched[static_cast<std::size_t>(slot.original_variable_node_id)];
      std::int32_t& counterpart = matched[static_cast<std::size_t>(slot.slot_variable_node_id)];
      if (variable < 0 || counterpart >= 0) continue;
      for (const SlotVariableReference& candidate : other[matched[id]].slot_variables)
        if (candidate.slot_name == slot.slot_name && candidate.original_variable_node_id == variable)
          counterpart = candidate.slot_variable_node_id;
    }
  }
  return matched;
}

// An object is empty in the union where one of the two says so, and neither has it.
inline void add_empty_children(const TrackableObject& from, TrackableObject& to) {
  if (from.empty_children.empty()) return;
  const std::unordered_set<std::string> known(to.empty_children.begin(), to.empty_children.end());
  for (const std::string& name : from.empty_children)
    if (!known.contains(name)) to.empty_children.push_back(name);
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
[[nodiscard]] inline MergedGraph merged(GraphEdit edit, const graph::detail::SavedGraph& other,
                                        std::vector<NodePair> pairs, const std::vector<std::int32_t>& variables = {}) {
  std::vector<std::int32_t> ours(other.size(), -1);  // the first one
  struct Found {
    std::int32_t node;
    std::string attribute;
    std::string other_key;
    bool is_new;
  };
  std::vector<Found> found;
  const auto take_node = [&](const NodePair& pair) {  // what is not its children
    for (SerializedTensor attribute : other[pair.other].attributes) {
      bool is_new = true;
      for (const SerializedTensor& known : edit.node(pair.ours).attributes)
        is_new = is_new && known.name != attribute.name;
      found.push_back({pair.ours, attribute.name, std::exchange(attribute.checkpoint_key, {}), is_new});
      if (is_new) edit.node(pair.ours).attributes.push_back(std::move(attribute));
    }
    add_empty_children(other[pair.other], edit.node(pair.ours));
    if (!edit.is_old(static_cast<std::size_t>(pair.ours))) {
      edit.node(pair.ours).registered_saver = other[pair.other].registered_saver;
      edit.node(pair.ours).unknown_fields = other[pair.other].unknown_fields;
    }
  };
  std::set<NodePair> seen(pairs.begin(), pairs.end());
  for (const NodePair& pair : pairs)
    if (auto& first = ours[static_cast<std::size_t>(pair.other)]; first < 0) first = pair.ours;
  for (std::size_t next = 0; next < pairs.size(); ++next) {
    const NodePair pair = pairs[next];
    take_node(pair);
    for (const ObjectReference& child : other[pair.other].children) {
      std::int32_t& first = ours[static_cast<std::size_t>(child.node_id)];
      const auto known = edit.find_child(pair.ours, child.local_name);
      const std::int32_t counterpart = known ? *known : first >= 0 ? first : edit.new_node();
      if (first < 0) first = counterpart;
      if (!known) edit.add_child(pair.ours, child.local_name, counterpart);
      if (const NodePair below{child.node_id, counterpart}; seen.insert(below).second) pairs.push_back(below);
    }
  }
  for (std::size_t next = 0, end = pairs.size(); next < end; ++next)
    for (const SlotVariableReference& slot : other[pairs[next].other].slot_variables) {
      const std::int32_t mine = pairs[next].ours;
      const auto of = static_cast<std::size_t>(slot.original_variable_node_id);
      const std::int32_t variable = ours[of] >= 0 ? ours[of] : variables.empty() ? -1 : variables[of];
      if (variable < 0 && variables.empty()) continue;
      if (variable < 0)
        throw Error(ErrorCode::not_found, "the slot variable \"" + slot.slot_name + "\" belongs to \"" +
                                              other.path(slot.original_variable_node_id) +
                                              "\", which this checkpoint does not have; copy that first");
      std::int32_t& first = ours[static_cast<std::size_t>(slot.slot_variable_node_id)];
      std::int32_t counterpart = -1;
      for (const SlotVariableReference& known : edit.node(mine).slot_variables)
        if (known.slot_name == slot.slot_name && known.original_variable_node_id == variable)
          counterpart = known.slot_variable_node_id;
      if (counterpart < 0) {
        counterpart = first >= 0 ? first : edit.new_node();
        SlotVariableReference reference = slot;
        reference.original_variable_node_id = variable;
        reference.slot_variable_node_id = counterpart;
        edit.node(mine).slot_variables.push_back(std::move(reference));
      }
      if (first < 0) first = counterpart;
      if (const NodePair slots{slot.slot_variable_node_id, counterpart}; seen.insert(slots).second) take_node(slots);
    }
  MergedGraph result{std::move(edit).finish(), {}};
  for (Found& value : found) {
    const TrackableObject& node = (*result.edited.graph)[result.edited.ids[static_cast<std::size_t>(value.node)]];
    for (const SerializedTensor& attribute : node.attributes)
      if (attribute.name == value.attribute)
        result.values.push_back({attribute.checkpoint_key, std::move(value.other_key), value.is_new});
  }
  return result;
}

}  // namespace cairn::edit::detail
