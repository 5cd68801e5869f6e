// Whether a walk would find what an earlier one has found, without taking memory: a state whose structure stays is
// walked once for many saves.
#pragma once

#include "savers.hpp"
#include "walk.hpp"

#include <cstddef>
#include <string_view>

namespace CAIRN_NAMESPACE::graph::detail {

// False where is_same_graph() could never be true: for optimizers' slots, registered savers, several tensors of one
// object, classes that make copies of themselves.
[[nodiscard]] inline bool can_be_same_graph(const LiveGraph& live) {
  return !live.objects.empty() && (live.slots == nullptr || live.slots->empty()) && live.tensors.empty() &&
         live.by_savers == nullptr && live.kept.empty();
}

// True when walk(root, ...) would now give the same objects under the same ids, with the same names, edges and keys.
// False as well where a pointer may dangle. An object is looked at only after one of those before it has just named
// it as its child: what `live` remembers may be gone.
[[nodiscard]] inline bool is_same_graph(const Root& root, const LiveGraph& live) {
  if (!can_be_same_graph(live) || !(root.object == live.objects.front())) return false;
  const Savers* const savers = registered_savers();
  for (std::size_t id = 0; id < live.objects.size(); ++id) {
    const Object& object = live.objects[id];
    const ObjectGraph::Node node = live.graph[static_cast<std::int32_t>(id)];
    bool is_same = true;
    if (object) {
      const LeafType* const leaf = object.type->leaf();
      if (savers != nullptr && savers->takes(object)) return false;
      if (object.type->several_tensors() != nullptr) return false;
      if (node.attributes.size() != (leaf != nullptr ? 1u : 0u)) return false;
      if (leaf != nullptr && node.attributes[0].full_name != leaf->full_name(object.address)) return false;
      const auto note_slots = [&](std::string_view, const SlotVariableSet&, auto&&) { is_same = false; };
      if (leaf == nullptr) object.type->slot_variables(object.address, note_slots);
    }
    std::size_t count = 0;
    std::size_t empty = 0;
    const auto compare = [&](const Child& child) {
      if (!is_same) return;
      if (child.kept != nullptr || child.slot.type->is_loose()) {
        is_same = false;
        return;
      }
      const Object target = child.slot.get();
      if (!target) {
        is_same = empty < node.empty_children.size() && node.empty_children[empty] == child.name;
        ++empty;
        return;
      }
      is_same = count < node.children.size();
      if (!is_same) return;
      const ObjectReference edge = node.children[count];
      is_same = edge.local_name == child.name && live.objects[static_cast<std::size_t>(edge.node_id)] == target;
      ++count;
    };
    if (id == 0)
      root.list(compare);
    else
      object.type->children(object.address, compare);
    if (!is_same || count != node.children.size() || empty != node.empty_children.size()) return false;
  }
  return true;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
