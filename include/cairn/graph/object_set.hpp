// A set of live objects, and what can be reached from one.
#pragma once

#include "object.hpp"

#include <cstddef>
#include <unordered_set>
#include <vector>

namespace cairn::detail {

using ObjectSet = std::unordered_set<Object, ObjectHash>;

// True when the object, or one inside it, is in the set. Shared and raw pointers are not followed: what they lead to is
// not inside.
[[nodiscard]] inline bool contains_or_holds(const ObjectSet& set, const Object& object) {
  std::vector<Object> inside{object};
  ObjectSet seen{object};
  for (std::size_t next = 0; next < inside.size(); ++next) {
    const Object at = inside[next];
    if (set.contains(at)) return true;
    at.type->children(at.address, [&](const Child& child) {
      const Object below = child.slot.type->is_outside() ? Object{} : child.slot.get();
      if (below && child.kept == nullptr && seen.insert(below).second) inside.push_back(below);
    });
  }
  return false;
}

}  // namespace cairn::detail
