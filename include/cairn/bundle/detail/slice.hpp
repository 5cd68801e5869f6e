// Partitioned tensors: one entry for the whole, and each part under a key of its own (format/detail/ordered_code.hpp).
//
//   "w"  ->  Entry { dtype, shape [4, 3], slices { [0, 2) x all, [2, 4) x all } }
//   code("w", [0, 2) x all)  ->  Entry { dtype, shape [2, 3], shard, offset, size, crc32c }
//
// And boxes: a slice with its dimensions spelled out, so that two of them can be compared and copied between.
#pragma once

#include "../../core/detail/rare.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/shape.hpp"
#include "../../format/bundle_messages.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cairn::bundle::detail {

// Where a block of elements begins in a tensor, and its extents.
struct Box {
  std::vector<std::int64_t> start;
  Shape shape;

  friend bool operator==(const Box&, const Box&) = default;
};

[[nodiscard]] inline Box box_of(const Shape& whole) { return {std::vector<std::int64_t>(whole.rank()), whole}; }

// Absent when the slice does not lie inside the whole.
[[nodiscard]] inline core::detail::Rare<Box> box_of_slice(const Shape& whole, const format::TensorSlice& slice) {
  if (slice.size() != whole.rank()) return {};
  Box box = box_of(Shape{});
  for (std::size_t axis = 0; axis < slice.size(); ++axis) {
    const std::int64_t start = slice[axis].length ? slice[axis].start : 0;
    const std::int64_t length = slice[axis].length.value_or(whole[axis]);
    if (start < 0 || length < 0 || start > whole[axis] || length > whole[axis] - start) return {};
    box.start.push_back(start);
    box.shape.push_back(length);
  }
  return box;
}

// Every dimension by its numbers, as TensorFlow's own partitioners spell slices.
[[nodiscard]] inline format::TensorSlice slice_of_box(const Box& box) {
  format::TensorSlice slice;
  for (std::size_t axis = 0; axis < box.start.size(); ++axis) slice.push_back({box.start[axis], box.shape[axis]});
  return slice;
}

// As TensorFlow spells it: a start and a length per dimension, or - where it is whole. "0,2:-"
[[nodiscard]] inline std::string text_of_slice(const format::TensorSlice& slice) {
  std::string text;
  for (const auto& extent : slice) {
    if (!text.empty()) text += ':';
    text += extent.length ? std::to_string(extent.start) + ',' + std::to_string(*extent.length) : "-";
  }
  return text;
}

// A part of a tensor: where it lies, and how that is spelled.
struct PartOfTensor {
  const Shape& full_shape;
  const Box& box;
  const format::TensorSlice& slice;
};

// What two boxes of one tensor share; without elements where they share none.
[[nodiscard]] inline Box common_box(const Box& a, const Box& b) {
  Box common;
  for (std::size_t axis = 0; axis < a.start.size(); ++axis) {
    const std::int64_t begin = std::max(a.start[axis], b.start[axis]);
    const std::int64_t end = std::min(a.start[axis] + a.shape[axis], b.start[axis] + b.shape[axis]);
    common.start.push_back(begin);
    common.shape.push_back(std::max<std::int64_t>(end - begin, 0));
  }
  return common;
}

// Calls visit(position in a, position in b, length) for each run of elements that lie side by side in both, where the
// elements of each box are stored row by row and without gaps. Positions ascend in both. The boxes lie in one tensor
// that has a legal number of elements.
template <class Visit>
void for_each_common_run(const Box& a, const Box& b, Visit visit) {
  const Box common = common_box(a, b);
  const auto count = static_cast<std::size_t>(common.shape.num_elements());
  if (count == 0) return;
  // Trailing dimensions that both have whole belong to one run, and so does the dimension before them.
  std::size_t axes = common.shape.rank();
  std::size_t run = 1;
  while (axes > 0) {
    --axes;
    run *= static_cast<std::size_t>(common.shape[axes]);
    if (common.shape[axes] != a.shape[axes] || common.shape[axes] != b.shape[axes]) break;
  }
  struct Side {
    core::detail::Vec<std::size_t> strides;  // of the axes that runs are counted along
    std::size_t position = 0;
  };
  const auto side_of = [&](const Box& box) {
    Side side{core::detail::Vec<std::size_t>(axes), 0};
    std::size_t stride = 1;
    for (std::size_t axis = common.shape.rank(); axis-- > 0;) {
      if (axis < axes) side.strides[axis] = stride;
      side.position += static_cast<std::size_t>(common.start[axis] - box.start[axis]) * stride;
      stride *= static_cast<std::size_t>(box.shape[axis]);
    }
    return side;
  };
  Side in_a = side_of(a), in_b = side_of(b);
  core::detail::Vec<std::size_t> at(axes, 0);
  for (std::size_t done = 0; done < count; done += run) {
    visit(in_a.position, in_b.position, run);
    for (std::size_t axis = axes; axis-- > 0;) {
      in_a.position += in_a.strides[axis];
      in_b.position += in_b.strides[axis];
      const auto extent = static_cast<std::size_t>(common.shape[axis]);
      if (++at[axis] < extent) break;
      in_a.position -= in_a.strides[axis] * extent;
      in_b.position -= in_b.strides[axis] * extent;
      at[axis] = 0;
    }
  }
}

}  // namespace cairn::bundle::detail
