// Do the parts of a partitioned tensor share elements? Is one listed twice? Answered from their extents alone, whatever
// their size.
//
//   +---+------+
//   | a |  b   |    parts are told apart along one axis after the other; what no straight cut tells apart is compared
//   +---+--+---+    pair by pair
//   |  c   | d |
//   +------+---+
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/shape.hpp"
#include "../../format/bundle_messages.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace CAIRN_NAMESPACE::bundle::detail {

// TensorFlow dies of such a list; for others it only costs time, and for empty slices without end.
[[nodiscard]] inline bool lists_a_slice_twice(const core::detail::Vec<format::TensorSlice>& slices) {
  core::detail::Vec<const format::TensorSlice*> sorted;
  for (const auto& slice : slices) sorted.push_back(&slice);
  core::detail::sort(sorted, [](const format::TensorSlice* a, const format::TensorSlice* b) {
    for (std::size_t axis = 0; axis < b->size(); ++axis) {
      if (axis == a->size()) return true;
      const format::SliceExtent &x = (*a)[axis], &y = (*b)[axis];
      if (x.start != y.start) return x.start < y.start;
      if (x.length != y.length) return x.length < y.length;
    }
    return false;
  });
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (*sorted[i - 1] == *sorted[i]) return true;
  return false;
}

class SliceOverlap {
 public:
  // More parts than this that no cut separates are called overlapping, which they nearly always are: comparing all
  // pairs of very many would take a crafted file's reader minutes.
  static constexpr std::size_t max_pairwise = 2000;

  // `slices` must each lie inside `whole`.
  [[nodiscard]] static bool any(const Shape& whole, const core::detail::Vec<format::TensorSlice>& slices) {
    core::detail::Vec<const format::TensorSlice*> parts;
    for (const auto& slice : slices)
      if (!is_empty(whole, slice)) parts.push_back(&slice);
    return SliceOverlap(whole).any(parts.data(), parts.size(), 0, 0);
  }
  // The first of `slices` that shares elements with `slice`; nullptr when none does.
  [[nodiscard]] static const format::TensorSlice* first(const Shape& whole,
                                                        const core::detail::Vec<format::TensorSlice>& slices,
                                                        const format::TensorSlice& slice) {
    if (is_empty(whole, slice)) return nullptr;
    const SliceOverlap overlap(whole);
    for (const format::TensorSlice& other : slices)
      if (!is_empty(whole, other) && overlap.meet(other, slice)) return &other;
    return nullptr;
  }

 private:
  explicit SliceOverlap(const Shape& whole) : whole_(whole) {}

  [[nodiscard]] static bool is_empty(const Shape& whole, const format::TensorSlice& slice) {
    for (std::size_t axis = 0; axis < slice.size(); ++axis)
      if (slice[axis].length.value_or(whole[axis]) == 0) return true;
    return false;
  }
  [[nodiscard]] std::int64_t begin(const format::TensorSlice& slice, std::size_t axis) const {
    return slice[axis].length ? slice[axis].start : 0;
  }
  [[nodiscard]] std::int64_t end(const format::TensorSlice& slice, std::size_t axis) const {
    return slice[axis].length ? slice[axis].start + *slice[axis].length : whole_[axis];
  }

  // `unsplit`: along how many axes before this one these parts could not be told apart.
  [[nodiscard]] bool any(const format::TensorSlice** parts, std::size_t count, std::size_t axis,
                         std::size_t unsplit) const {
    if (count < 2) return false;
    if (unsplit == whole_.rank()) return any_pair(parts, count);
    core::detail::sort(parts, parts + count, [&](const format::TensorSlice* a, const format::TensorSlice* b) {
      return begin(*a, axis) < begin(*b, axis);
    });
    const std::size_t next = (axis + 1) % whole_.rank();
    std::size_t first = 0;
    std::int64_t reach = end(*parts[0], axis);
    for (std::size_t i = 1; i < count; ++i) {
      if (begin(*parts[i], axis) >= reach) {
        if (any(parts + first, i - first, next, 0)) return true;
        first = i;
      }
      reach = std::max(reach, end(*parts[i], axis));
    }
    return any(parts + first, count - first, next, first == 0 ? unsplit + 1 : 0);
  }

  [[nodiscard]] bool any_pair(const format::TensorSlice* const* parts, std::size_t count) const {
    if (count > max_pairwise) return true;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = i + 1; j < count; ++j)
        if (meet(*parts[i], *parts[j])) return true;
    return false;
  }
  [[nodiscard]] bool meet(const format::TensorSlice& a, const format::TensorSlice& b) const {
    for (std::size_t axis = 0; axis < whole_.rank(); ++axis)
      if (end(a, axis) <= begin(b, axis) || end(b, axis) <= begin(a, axis)) return false;
    return true;
  }

  const Shape& whole_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
