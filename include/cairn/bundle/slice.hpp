// Partitioned tensors: one entry for the whole, and each part under a key of its own (format/ordered_code.hpp).
//
//   "w"  ->  Entry { dtype, shape [4, 3], slices { [0, 2) x all, [2, 4) x all } }
//   code("w", [0, 2) x all)  ->  Entry { dtype, shape [2, 3], shard, offset, size, crc32c }
#pragma once

#include "../core/shape.hpp"
#include "../format/bundle_messages.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cairn::detail {

// The shape of the part. nullopt when it does not lie inside the whole.
[[nodiscard]] inline std::optional<Shape> shape_of_slice(const Shape& whole, const format::TensorSlice& slice) {
  if (slice.size() != whole.rank()) return std::nullopt;
  Shape shape;
  for (std::size_t axis = 0; axis < slice.size(); ++axis) {
    const auto& [start, length] = slice[axis];
    if (!length) {
      shape.push_back(whole[axis]);
      continue;
    }
    if (start < 0 || *length < 0 || start > whole[axis] || *length > whole[axis] - start) return std::nullopt;
    shape.push_back(*length);
  }
  return shape;
}

// Calls visit(position in the whole, position in the part, length) for each run of elements that lie side by side in
// both. `slice` must lie inside `whole`, and both must have legal numbers of elements.
template <class Visit>
void for_each_run(const Shape& whole, const format::TensorSlice& slice, Visit visit) {
  const Shape part = *shape_of_slice(whole, slice);
  const auto count = static_cast<std::size_t>(part.num_elements());
  if (count == 0) return;
  // Trailing dimensions that the part has whole belong to one run, and so does the dimension before them.
  std::size_t axes = whole.rank();
  std::size_t run = 1;
  while (axes > 0) {
    --axes;
    run *= static_cast<std::size_t>(part[axes]);
    if (part[axes] != whole[axes]) break;
  }
  std::vector<std::size_t> strides(whole.rank() + 1, 1);
  for (std::size_t axis = whole.rank(); axis-- > 0;)
    strides[axis] = strides[axis + 1] * static_cast<std::size_t>(std::max<std::int64_t>(whole[axis], 1));
  std::size_t base = 0;
  for (std::size_t axis = 0; axis < slice.size(); ++axis)
    if (slice[axis].length) base += static_cast<std::size_t>(slice[axis].start) * strides[axis + 1];
  std::vector<std::size_t> at(axes, 0);
  for (std::size_t done = 0; done < count; done += run) {
    std::size_t position = base;
    for (std::size_t axis = 0; axis < axes; ++axis) position += at[axis] * strides[axis + 1];
    visit(position, done, run);
    for (std::size_t axis = axes; axis-- > 0;) {
      if (++at[axis] < static_cast<std::size_t>(part[axis])) break;
      at[axis] = 0;
    }
  }
}

}  // namespace cairn::detail
