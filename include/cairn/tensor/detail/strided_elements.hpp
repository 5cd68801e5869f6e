// StridedElements: numbers at regular distances, told by NumPy's `strides`.
//
//   column-major [2, 3] of float32, strides {4, 8}:    a d b e c f    ->    a b c d e f
//
// Axes that lie together are joined first: what is left is a number of runs of bytes, and the distances between them.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../core/shape.hpp"
#include "scattered_elements.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace CAIRN_NAMESPACE::tensor::detail {

// The strides of row-major elements that lie together.
[[nodiscard]] inline std::vector<std::int64_t> row_major_strides(const Shape& shape, std::size_t element_bytes) {
  std::vector<std::int64_t> strides(shape.rank());
  auto step = static_cast<std::int64_t>(element_bytes);
  for (std::size_t axis = shape.rank(); axis-- > 0; step *= shape[axis]) strides[axis] = step;
  return strides;
}

class StridedElements final : public ScatteredElements {
 public:
  // `strides` are bytes, one for each axis, and may be negative; `data` is where the first element is. With `is_bool`,
  // each byte that is put in place becomes 0 or 1. The rows of a list are the indices of the first axis.
  StridedElements(void* data, std::size_t element_bytes, const Shape& shape, std::span<const std::int64_t> strides,
                  bool is_bool = false, const void* list = nullptr)
      : ScatteredElements(static_cast<std::size_t>(shape.num_elements()) * element_bytes, list,
                          list == nullptr ? 1 : row_bytes(shape, element_bytes)),
        data_(static_cast<std::byte*>(data)),
        run_bytes_(element_bytes),
        is_bool_(is_bool) {
    for (std::size_t axis = shape.rank(); axis-- > 0;) {
      if (shape[axis] == 1) continue;
      if (axes_.empty() && strides[axis] == static_cast<std::int64_t>(run_bytes_))
        run_bytes_ *= static_cast<std::size_t>(shape[axis]);
      else if (!axes_.empty() && strides[axis] == axes_.back().stride * axes_.back().extent)
        axes_.back().extent *= shape[axis];
      else
        axes_.push_back({shape[axis], strides[axis]});
    }
    // Without an axis whose runs are copied by one loop, there is one of one run.
    if (axes_.empty()) axes_.push_back({1, 0});
  }

  // Whether the elements lie together in row-major order, and their bytes if they do.
  [[nodiscard]] bool is_joined() const noexcept { return run_bytes_ == size() || size() == 0; }
  [[nodiscard]] std::span<std::byte> joined() const noexcept { return {data_, is_joined() ? size() : 0}; }

  void gather(std::size_t begin, std::span<std::byte> out) const noexcept override {
    copy(begin, out.data(), out.size(), true);
  }
  void scatter(std::size_t begin, std::span<const std::byte> bytes) noexcept override {
    copy(begin, const_cast<std::byte*>(bytes.data()), bytes.size(), false);
  }

 private:
  [[nodiscard]] static std::size_t row_bytes(const Shape& shape, std::size_t element_bytes) noexcept {
    for (std::size_t axis = 1; axis < shape.rank(); ++axis) element_bytes *= static_cast<std::size_t>(shape[axis]);
    return element_bytes;
  }
  struct Axis {
    std::int64_t extent, stride;
  };

  // Row by row of the innermost axis, whose runs are at one distance. Takes no memory.
  void copy(std::size_t begin, std::byte* bytes, std::size_t size, bool out) const noexcept {
    while (size > 0) {
      const std::size_t inside = begin % run_bytes_;
      std::size_t run = begin / run_bytes_, left_in_row = 0;
      std::byte* place = data_ + inside;
      for (const Axis& axis : axes_) {
        const auto extent = static_cast<std::size_t>(axis.extent), index = run % extent;
        if (&axis == axes_.begin()) left_in_row = extent - index;
        place += static_cast<std::int64_t>(index) * axis.stride;
        run /= extent;
      }
      std::size_t copied = std::min(size, run_bytes_ - inside);
      if (copied == run_bytes_) {
        const std::size_t runs = std::min(left_in_row, size / run_bytes_);
        copy_runs(place, axes_[0].stride, bytes, runs, out);
        copied *= runs;
      } else {
        copy_run(place, bytes, copied, out);
      }
      begin += copied;
      bytes += copied;
      size -= copied;
    }
  }

  void copy_run(std::byte* place, std::byte* bytes, std::size_t size, bool out) const noexcept {
    if (out)
      std::memcpy(bytes, place, size);
    else if (is_bool_)
      for (std::size_t i = 0; i < size; ++i) place[i] = std::byte{bytes[i] != std::byte{0}};
    else
      std::memcpy(place, bytes, size);
  }
  void copy_runs(std::byte* place, std::int64_t stride, std::byte* bytes, std::size_t runs, bool out) const noexcept {
    switch (is_bool_ ? 0 : run_bytes_) {
      case 1:
        return copy_runs_of<1>(place, stride, bytes, runs, out);
      case 2:
        return copy_runs_of<2>(place, stride, bytes, runs, out);
      case 4:
        return copy_runs_of<4>(place, stride, bytes, runs, out);
      case 8:
        return copy_runs_of<8>(place, stride, bytes, runs, out);
      case 16:
        return copy_runs_of<16>(place, stride, bytes, runs, out);
      default:
        for (; runs > 0; --runs, place += stride, bytes += run_bytes_) copy_run(place, bytes, run_bytes_, out);
    }
  }
  template <std::size_t size>
  static void copy_runs_of(std::byte* place, std::int64_t stride, std::byte* bytes, std::size_t runs,
                           bool out) noexcept {
    if (out)
      for (std::size_t i = 0; i < runs; ++i, place += stride) std::memcpy(bytes + i * size, place, size);
    else
      for (std::size_t i = 0; i < runs; ++i, place += stride) std::memcpy(place, bytes + i * size, size);
  }

  std::byte* data_;
  std::size_t run_bytes_;
  bool is_bool_;
  core::detail::Vec<Axis> axes_;  // of runs, the innermost first
};

}  // namespace CAIRN_NAMESPACE::tensor::detail
