// PartitionedParts: all of a Partitioned but the type of its elements, which the rest of the library does not know.
#pragma once

#include "../../bundle/detail/slice.hpp"
#include "../../bundle/detail/slice_cover.hpp"
#include "../../core/box.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/dtype.hpp"
#include "../../core/error.hpp"
#include "../../core/shape.hpp"
#include "../../tensor/detail/elements.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::partition::detail {

// "rows 5 to 9" has no meaning in four dimensions: a box is told by where it begins and by its extents.
[[nodiscard]] inline std::string text_of_box(const Box& box) {
  return box.shape.to_string() + " from " + Shape(box.start).to_string() + " on";
}
[[nodiscard]] inline std::size_t count_of(const Box& box) { return static_cast<std::size_t>(box.shape.num_elements()); }

// Elements that lie box after box, those of a box row by row.
class PartitionedParts {
 public:
  PartitionedParts() noexcept = default;  // has no shape, and no elements
  // Zeros. What Partitioned says of its constructors holds.
  PartitionedParts(DType dtype, Shape shape, std::vector<Box> boxes)
      : shape_(std::move(shape)), boxes_(std::move(boxes)) {
    (void)shape_.num_elements();
    core::detail::Vec<format::TensorSlice> slices;
    begins_.push_back(0);
    for (const Box& box : boxes_) {
      require_inside(box);
      slices.push_back(bundle::detail::slice_of_box(box));
      begins_.push_back(begins_.back() + count_of(box));
    }
    if (slices.size() > 1 && bundle::detail::SliceOverlap::any(shape_, slices)) refuse_overlap();
    elements_ = tensor::detail::Elements(dtype, size());
    dtype_ = dtype;
  }
  PartitionedParts(const PartitionedParts& other)
      : dtype_(other.dtype_), shape_(other.shape_), boxes_(other.boxes_), begins_(other.begins_) {
    if (other.has_shape()) elements_ = tensor::detail::Elements::copy_of(dtype_, size(), other.elements_.data());
  }
  PartitionedParts(PartitionedParts&& other) noexcept = default;
  PartitionedParts& operator=(PartitionedParts other) noexcept {
    dtype_ = other.dtype_;
    shape_ = std::move(other.shape_);
    boxes_.swap(other.boxes_);
    begins_.swap(other.begins_);
    elements_.swap(other.elements_);
    return *this;
  }
  ~PartitionedParts() = default;

  // False for one that was made without a shape, or was moved from.
  [[nodiscard]] bool has_shape() const noexcept { return !elements_.is_null(); }
  [[nodiscard]] DType dtype() const noexcept { return dtype_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] const std::vector<Box>& boxes() const noexcept { return boxes_; }

  // The number of elements in all boxes, and before each box.
  [[nodiscard]] std::size_t size() const noexcept { return begins_.empty() ? 0 : begins_.back(); }
  [[nodiscard]] std::size_t begin_of(std::size_t box) const noexcept { return begins_[box]; }
  [[nodiscard]] std::size_t size_of_box(std::size_t box) const noexcept { return begins_[box + 1] - begins_[box]; }
  // Whether all elements of the tensor are here, and whether they lie in the order of the tensor.
  [[nodiscard]] bool is_whole() const {
    return has_shape() && size() == static_cast<std::size_t>(shape_.num_elements());
  }
  [[nodiscard]] bool is_one_box() const {
    std::size_t boxes = 0;
    for (std::size_t i = 0; i < boxes_.size(); ++i) boxes += size_of_box(i) != 0;
    return is_whole() && boxes <= 1;
  }

  [[nodiscard]] void* data() const noexcept { return elements_.data(); }
  [[nodiscard]] std::span<std::byte> bytes() const noexcept {
    return {elements_.as<std::byte>(), size() * size_of(dtype_)};
  }
  [[nodiscard]] std::span<std::byte> bytes_of_box(std::size_t box) const noexcept {
    return bytes().subspan(begin_of(box) * size_of(dtype_), size_of_box(box) * size_of(dtype_));
  }

  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  // Where the element of that index in the whole tensor is among the elements; `nowhere` when it is in no box.
  [[nodiscard]] std::size_t find(std::initializer_list<std::int64_t> index) const noexcept {
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
      const Box& box = boxes_[i];
      std::size_t place = 0, axis = 0;
      for (const std::int64_t at : index) {
        if (axis == box.start.size() || at < box.start[axis] || at - box.start[axis] >= box.shape[axis]) break;
        place = place * static_cast<std::size_t>(box.shape[axis]) + static_cast<std::size_t>(at - box.start[axis]);
        ++axis;
      }
      if (axis == index.size() && axis == box.start.size() && size_of_box(i) != 0) return begins_[i] + place;
    }
    return nowhere;
  }

  // A box of elements that are in none of the boxes; one without elements where there are none.
  [[nodiscard]] Box missing() const {
    struct Region {
      Box box;
      std::size_t next;  // the first of boxes_ that may share elements with it
    };
    core::detail::Vec<Region> regions;
    regions.push_back({bundle::detail::box_of(shape_), 0});
    while (!regions.empty()) {
      Region region = std::move(regions.back());
      regions.pop_back();
      Box common;
      while (region.next < boxes_.size() &&
             count_of(common = bundle::detail::common_box(region.box, boxes_[region.next])) == 0)
        ++region.next;
      if (region.next == boxes_.size()) {
        if (count_of(region.box) != 0) return region.box;
        continue;
      }
      // What is before and behind the box along each axis.
      for (std::size_t axis = 0; axis < region.box.start.size(); ++axis) {
        const std::int64_t begin = region.box.start[axis], end = begin + region.box.shape[axis];
        const std::int64_t from = common.start[axis], to = from + common.shape[axis];
        if (from > begin) regions.push_back({with_axis(region.box, axis, begin, from - begin), region.next + 1});
        if (to < end) regions.push_back({with_axis(region.box, axis, to, end - to), region.next + 1});
        region.box = with_axis(region.box, axis, from, to - from);
      }
    }
    return {std::vector<std::int64_t>(shape_.rank()), Shape(std::vector<std::int64_t>(shape_.rank()))};
  }

 private:
  [[nodiscard]] static Box with_axis(const Box& box, std::size_t axis, std::int64_t start, std::int64_t size) {
    Box changed{box.start, Shape{}};
    changed.start[axis] = start;
    for (std::size_t i = 0; i < box.shape.rank(); ++i) changed.shape.push_back(i == axis ? size : box.shape[i]);
    return changed;
  }
  void require_inside(const Box& box) const {
    if (box.start.size() == box.shape.rank() && bundle::detail::box_of_slice(shape_, bundle::detail::slice_of_box(box)))
      return;
    core::detail::fail(ErrorCode::invalid_argument,
                       {"the box ", text_of_box(box), " does not lie inside a tensor of shape ", shape_.to_string()});
  }
  [[noreturn]] void refuse_overlap() const {
    core::detail::fail(ErrorCode::invalid_argument,
                       {"two boxes of a partitioned tensor of shape ", shape_.to_string(),
                        " share elements; give each element of the tensor to one box only"});
  }

  DType dtype_ = DT_INVALID;
  Shape shape_;
  std::vector<Box> boxes_;
  std::vector<std::size_t> begins_;  // in elements_, of each box; and behind the last
  tensor::detail::Elements elements_;
};

}  // namespace CAIRN_NAMESPACE::partition::detail
