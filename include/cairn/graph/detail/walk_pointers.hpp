// Places that are pointers, in a walk.
#pragma once

#include "object.hpp"
#include "object_set.hpp"
#include "root.hpp"
#include "walk.hpp"

#include <cstddef>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

inline bool Walk::follow(const Child& child, const Object& target) {
  const bool is_loose = child.slot.type->is_loose();
  if (!target) {
    // So that a restore can tell it from a member that this program did not have.
    if (!is_loose) empty_.emplace_back(child.name);
    return false;
  }
  if (child.slot.type->is_raw()) pointed_.insert(target);
  met_loose_ = met_loose_ || is_loose;
  return !is_loose || known_.contains(target);
}

// The lists that are no nodes, but have an element that a pointer of the state leads to.
inline ObjectSet Walk::pointed_lists() const {
  ObjectSet lists;
  for (std::size_t id = 0; id < live_.objects.size() && !pointed_.empty(); ++id) {
    const Object& object = live_.objects[id];
    if (!object || object.type->leaf() != nullptr || object.type->as_list() == nullptr) continue;
    object.type->as_list()->children(object.address, [&](const Child& element) {
      if (pointed_.contains(element.slot.get())) lists.insert(object);
    });
  }
  return lists;
}

[[nodiscard]] inline LiveGraph end_walk(Walk&& first, const Root& root) {
  const ObjectSet nothing;
  const bool met_loose = first.met_loose();
  const ObjectSet as_nodes = first.pointed_lists();
  LiveGraph live = std::move(first).take();
  if (!as_nodes.empty()) live = Walk(root, nothing, as_nodes).take();
  if (met_loose) {  // once more, now that it is known what there is: a loose edge may be the shorter path to it
    const ObjectSet known(live.objects.begin(), live.objects.end());
    live = Walk(root, known, as_nodes).take();
  }
  return live;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
