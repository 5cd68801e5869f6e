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

namespace CAIRN_NAMESPACE::bundle::detail {

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
    std::size_t stride_a = 1, stride_b = 1;
    bool is_whole = true;  // in both, along all axes so far: they belong to one run, and so does the next axis
    for (std::size_t axis = a.start.size(); axis-- > 0;) {
      const std::int64_t start_a = a.start[axis], start_b = b.start[axis], begin = std::max(start_a, start_b);
      const std::int64_t size_a = a.shape[axis], size_b = b.shape[axis];
      const std::int64_t extent = std::max<std::int64_t>(std::min(start_a + size_a, start_b + size_b) - begin, 0);
      first_a_ += static_cast<std::size_t>(begin - start_a) * stride_a;
      first_b_ += static_cast<std::size_t>(begin - start_b) * stride_b;
      if (!is_whole) axes_.push_back({static_cast<std::size_t>(extent), stride_a, stride_b});
      (is_whole ? length : count_) *= static_cast<std::size_t>(extent);
      is_whole = is_whole && extent == size_a && extent == size_b;
      stride_a *= static_cast<std::size_t>(size_a);
      stride_b *= static_cast<std::size_t>(size_b);
    }
    if (length == 0) count_ = 0;
  }

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::size_t elements() const noexcept { return count_ * length; }  // in all runs
  // Puts the first element of a run below count() into the two numbers. They ascend from run to run.
  void find(std::size_t run, std::size_t& a, std::size_t& b) const noexcept {
    a = first_a_, b = first_b_;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      const Axis& axis = axes_[i];
      const bool is_last = i + 1 == axes_.size();
      const std::size_t index = is_last ? run : run % axis.extent;
      a += index * axis.stride_a;
      b += index * axis.stride_b;
      if (!is_last) run /= axis.extent;
    }
  }
  // Goes to the next run; returns false when there is none.
  [[nodiscard]] bool next() noexcept {
    if (next_ == count_) return false;
    find(next_++, in_a, in_b);
    return true;
  }

  // The present run: its first element in each box, and the number of its elements, which is the same in all runs.
  std::size_t in_a = 0, in_b = 0;
  std::size_t length = 1;

 private:
  struct Axis {
    std::size_t extent, stride_a, stride_b;
  };

  core::detail::Vec<Axis> axes_;  // those that runs are counted along, the innermost first
  std::size_t first_a_ = 0, first_b_ = 0;
  std::size_t count_ = 1;
  std::size_t next_ = 0;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
