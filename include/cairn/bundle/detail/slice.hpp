// Partitioned tensors: one entry for the whole, and each part under a key of its own (format/detail/ordered_code.hpp).
//
//   "w"  ->  Entry { dtype, shape [4, 3], slices { [0, 2) x all, [2, 4) x all } }
//   code("w", [0, 2) x all)  ->  Entry { dtype, shape [2, 3], shard, offset, size, crc32c }
//
// And boxes: a slice with its dimensions spelled out, so that two of them can be compared and copied between.
#pragma once

#include "../../core/box.hpp"
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

// The runs of elements that lie side by side in both of two boxes, where the elements of each box are stored row by row
// and without gaps. The boxes lie in one tensor that has a legal number of elements.
//
//   for (CommonRuns runs(a, b); runs.next();) copy(from + runs.in_a, to + runs.in_b, runs.length);
class CommonRuns {
 public:
  CommonRuns(const Box& a, const Box& b) {
    const Box common = common_box(a, b);
    left_ = static_cast<std::size_t>(common.shape.num_elements());
    // Trailing dimensions that both have whole belong to one run, and so does the dimension before them.
    std::size_t axes = common.shape.rank();
    while (left_ != 0 && axes > 0) {
      --axes;
      length *= static_cast<std::size_t>(common.shape[axes]);
      if (common.shape[axes] != a.shape[axes] || common.shape[axes] != b.shape[axes]) break;
    }
    axes_.resize(axes);
    std::size_t stride_a = 1, stride_b = 1;
    for (std::size_t axis = common.shape.rank(); axis-- > 0;) {
      if (axis < axes) axes_[axis] = {static_cast<std::size_t>(common.shape[axis]), 0, stride_a, stride_b};
      in_a += static_cast<std::size_t>(common.start[axis] - a.start[axis]) * stride_a;
      in_b += static_cast<std::size_t>(common.start[axis] - b.start[axis]) * stride_b;
      stride_a *= static_cast<std::size_t>(a.shape[axis]);
      stride_b *= static_cast<std::size_t>(b.shape[axis]);
    }
  }

  // Goes to the next run; returns false when there is none. Positions ascend in both boxes.
  [[nodiscard]] bool next() {
    if (left_ == 0) return false;
    left_ -= length;
    if (std::exchange(is_first_, false)) return true;
    for (std::size_t i = axes_.size(); i-- > 0;) {
      Axis& axis = axes_[i];
      in_a += axis.stride_a;
      in_b += axis.stride_b;
      if (++axis.at < axis.extent) break;
      in_a -= axis.stride_a * axis.extent;
      in_b -= axis.stride_b * axis.extent;
      axis.at = 0;
    }
    return true;
  }

  // The present run: its first element in each box, and the number of its elements.
  std::size_t in_a = 0, in_b = 0;
  std::size_t length = 1;

 private:
  struct Axis {
    std::size_t extent, at, stride_a, stride_b;
  };

  core::detail::Vec<Axis> axes_;  // those that runs are counted along
  std::size_t left_;              // elements that are in no run yet
  bool is_first_ = true;
};

}  // namespace cairn::bundle::detail
