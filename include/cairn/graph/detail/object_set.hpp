// A set of live objects, and what can be reached from one.
#pragma once

#include "../../core/detail/vec.hpp"
#include "object.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// Used as std::unordered_set is, of which it has what a match needs; in one list, because there can be very many. An
// empty Object is in no set.
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
  [[nodiscard]] bool contains(const Object& object) const noexcept {
    return object && count_ != 0 && slots_[place_of(object)];
  }
  // True when it was not there. Throws std::bad_alloc; the set is unchanged then.
  bool insert(const Object& object) {
    if (!object) return false;
    if (4 * (count_ + 1) > 3 * slots_.size()) grow();
    Object& slot = slots_[place_of(object)];
    if (slot) return false;
    slot = object;
    ++count_;
    return true;
  }
  void erase(const Object& object) noexcept {
    if (!contains(object)) return;
    std::size_t hole = place_of(object);
    // What came behind because of it moves up.
    for (std::size_t at = next(hole); slots_[at]; at = next(at)) {
      const std::size_t way = (at - first_place(slots_[at])) & mask();
      if (way < ((at - hole) & mask())) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = {};
    --count_;
  }
  void clear() noexcept {
    slots_ = {};
    count_ = 0;
  }

 private:
  // Addresses differ in their middle bits only: see HashIndex.
  [[nodiscard]] std::size_t first_place(const Object& object) const noexcept {
    return static_cast<std::size_t>((std::uint64_t{ObjectHash{}(object)} * 0x9e3779b97f4a7c15u) >> (64 - bits_));
  }
  [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }
  [[nodiscard]] std::size_t next(std::size_t place) const noexcept { return (place + 1) & mask(); }
  // Where it is, or the empty slot where it would be.
  [[nodiscard]] std::size_t place_of(const Object& object) const noexcept {
    std::size_t place = first_place(object);
    while (slots_[place] && slots_[place] != object) place = next(place);
    return place;
  }
  void grow() {
    const int bits = slots_.empty() ? 4 : bits_ + 1;
    core::detail::Vec<Object> old(std::size_t{1} << bits);
    old.swap(slots_);
    bits_ = bits;
    for (const Object& object : old)
      if (object) slots_[place_of(object)] = object;
  }

  int bits_ = 0;
  core::detail::Vec<Object> slots_;  // a power of two of them, at most three quarters of them taken
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

}  // namespace CAIRN_NAMESPACE::graph::detail
