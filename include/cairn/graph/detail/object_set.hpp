// A set of live objects, and what can be reached from one.
#pragma once

#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/vec.hpp"
#include "object.hpp"

#include <cstddef>
#include <initializer_list>

namespace cairn::graph::detail {

// Used as std::unordered_set is, of which it has what a match needs. An empty Object is in no set.
class ObjectSet {
 public:
  ObjectSet() = default;
  ObjectSet(std::initializer_list<Object> objects) : ObjectSet(objects.begin(), objects.end()) {}
  template <class Iterator>
  ObjectSet(Iterator begin, Iterator end) {
    for (; begin != end; ++begin) insert(*begin);
  }

  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] bool contains(const Object& object) const { return place_of(object) != core::detail::HashIndex::none; }
  // True when it was not there. Throws std::bad_alloc; the set is unchanged then.
  bool insert(const Object& object) {
    if (!object || contains(object)) return false;
    index_.reserve(objects_.size() + 1);  // so that only this and the next line can throw
    objects_.push_back(object);
    index_.insert_new(ObjectHash{}(object), objects_.size() - 1);
    ++count_;
    return true;
  }
  void erase(const Object& object) {
    const std::size_t place = place_of(object);
    if (place == core::detail::HashIndex::none) return;
    objects_[place] = {};
    --count_;
  }
  void clear() noexcept {
    objects_ = {};
    index_.clear();
    count_ = 0;
  }

 private:
  [[nodiscard]] std::size_t place_of(const Object& object) const {
    if (!object) return core::detail::HashIndex::none;
    return index_.find(ObjectHash{}(object), [&](std::size_t i) { return objects_[i] == object; });
  }

  core::detail::Vec<Object> objects_;  // those that were erased are empty
  core::detail::HashIndex index_;      // of objects_
  std::size_t count_ = 0;
};

// True when the object, or one inside it, is in the set. Shared and raw pointers are not followed: what they lead to is
// not inside.
[[nodiscard]] inline bool contains_or_holds(const ObjectSet& set, const Object& object) {
  core::detail::Vec<Object> inside{object};
  ObjectSet seen{object};
  for (std::size_t next = 0; next < inside.size(); ++next) {
    const Object at = inside[next];
    if (set.contains(at)) return true;
    at.type->children(at.address, [&](const Child& child) {
      const Object below = child.slot.type->is_outside() ? Object{} : child.slot.get();
      if (below && child.kept == nullptr && seen.insert(below)) inside.push_back(below);
    });
  }
  return false;
}

}  // namespace cairn::graph::detail
