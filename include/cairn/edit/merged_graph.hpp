// Two object graphs side by side, matched by names from the root: for the union of two checkpoints, and to find the
// same value in another checkpoint, where it may have another key.
#pragma once

#include "../core/object_graph.hpp"
#include "../graph/saved_graph.hpp"
#include "edited_graph.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cairn::detail {

// Each node's counterpart in the other graph; -1 where there is none. What fits first counts.
[[nodiscard]] inline std::vector<std::int32_t> match_graphs(const SavedGraph& graph, const SavedGraph& other) {
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

// All that either holds. Nodes of the same path become one; what both have is listed.
[[nodiscard]] inline MergedGraph merged(std::shared_ptr<const SavedGraph> graph, const SavedGraph& other) {
  const SavedGraph& first = *graph;
  GraphEdit edit(std::move(graph));
  std::vector<std::int32_t> ours(other.size(), -1);
  struct Found {
    std::int32_t node;
    std::string attribute;
    std::string other_key;
    bool is_new;
  };
  std::vector<Found> found;
  const auto take_node = [&](std::int32_t id) {  // what is not its children
    const std::int32_t mine = ours[static_cast<std::size_t>(id)];
    for (SerializedTensor attribute : other[id].attributes) {
      bool is_new = true;
      for (const SerializedTensor& known : edit.node(mine).attributes) is_new = is_new && known.name != attribute.name;
      found.push_back({mine, attribute.name, std::exchange(attribute.checkpoint_key, {}), is_new});
      if (is_new) edit.node(mine).attributes.push_back(std::move(attribute));
    }
    add_empty_children(other[id], edit.node(mine));
    if (static_cast<std::size_t>(mine) >= first.size()) {
      edit.node(mine).registered_saver = other[id].registered_saver;
      edit.node(mine).unknown_fields = other[id].unknown_fields;
    }
  };
  ours[0] = 0;
  std::vector<std::int32_t> queue{0};
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const std::int32_t mine = ours[static_cast<std::size_t>(queue[next])];
    take_node(queue[next]);
    for (const ObjectReference& child : other[queue[next]].children) {
      std::int32_t& counterpart = ours[static_cast<std::size_t>(child.node_id)];
      const auto known = edit.find_child(mine, child.local_name);
      if (counterpart < 0) {
        counterpart = known ? *known : edit.new_node();
        queue.push_back(child.node_id);
      }
      if (!known) edit.add_child(mine, child.local_name, counterpart);
    }
  }
  for (const std::int32_t id : queue)
    for (const SlotVariableReference& slot : other[id].slot_variables) {
      const std::int32_t mine = ours[static_cast<std::size_t>(id)];
      const std::int32_t variable = ours[static_cast<std::size_t>(slot.original_variable_node_id)];
      std::int32_t& counterpart = ours[static_cast<std::size_t>(slot.slot_variable_node_id)];
      if (variable < 0) continue;
      const bool is_first = counterpart < 0;
      bool is_known = false;
      for (const SlotVariableReference& mine_slot : edit.node(mine).slot_variables)
        if (mine_slot.slot_name == slot.slot_name && mine_slot.original_variable_node_id == variable) {
          is_known = true;
          if (is_first) counterpart = mine_slot.slot_variable_node_id;
        }
      if (counterpart < 0) counterpart = edit.new_node();
      if (!is_known) {
        SlotVariableReference reference = slot;
        reference.original_variable_node_id = variable;
        reference.slot_variable_node_id = counterpart;
        edit.node(mine).slot_variables.push_back(std::move(reference));
      }
      if (is_first) take_node(slot.slot_variable_node_id);
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

}  // namespace cairn::detail
