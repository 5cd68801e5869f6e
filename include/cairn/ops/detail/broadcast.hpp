// The common shape of two operands, as in NumPy and TensorFlow: shapes are aligned at the last axis, and an extent of 1
// or a missing axis is repeated.
//
//   [10, 10] with [10]  -> [10, 10]      [8, 1] with [5] -> [8, 5]      anything with a scalar -> itself
#pragma once

#include "operand.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE::ops::detail {

// The extent of both together; 0 stands for "none" where a and b are not 0 themselves. A dynamic extent is believed to
// fit, and checked at run time.
[[nodiscard]] constexpr std::size_t broadcast_extent(std::size_t a, std::size_t b) noexcept {
  if (a == b || b == 1 || (b == dynamic && a != 1)) return a;
  return a == 1 || a == dynamic ? b : 0;
}

template <class A, class B>
struct BroadcastShapes {
  static constexpr std::size_t rank = std::max(A::rank, B::rank);
  static constexpr std::array<std::size_t, rank> extents = [] {
    std::array<std::size_t, rank> result{};
    for (std::size_t back = 1; back <= rank; ++back)
      result[rank - back] = broadcast_extent(back <= A::rank ? A::values[A::rank - back] : 1,
                                             back <= B::rank ? B::values[B::rank - back] : 1);
    return result;
  }();
  static constexpr bool fit = [] {
    for (std::size_t back = 1; back <= std::min(A::rank, B::rank); ++back) {
      const std::size_t a = A::values[A::rank - back];
      const std::size_t b = B::values[B::rank - back];
      if (a != b && a != 1 && b != 1 && a != dynamic && b != dynamic) return false;
    }
    return true;
  }();
};

// Instantiated with the extents of both operands, so that the compiler names them.
template <class A, class B>
struct ShapesOfOperandsFit {
  static_assert(BroadcastShapes<A, B>::fit,
                "cairn: the shapes of these two operands do not fit. Aligned at the last axis, extents must be equal, "
                "or one of them 1 or missing.");
};

template <class T, class Shapes, class Axes = std::make_index_sequence<Shapes::rank>>
struct BroadcastTensor;
template <class T, class Shapes, std::size_t... Axes>
struct BroadcastTensor<T, Shapes, std::index_sequence<Axes...>> {
  using type = Tensor<T, Shapes::extents[Axes]...>;
};

// The common shape of two operands. Throws Error with ErrorCode::invalid_argument where dynamic extents turn out not to
// fit.
[[nodiscard]] inline Shape broadcast_shape(std::span<const std::size_t> a, std::span<const std::size_t> b) {
  Shape shape;
  for (std::size_t back = std::max(a.size(), b.size()); back > 0; --back) {
    const std::size_t extent_a = back <= a.size() ? a[a.size() - back] : 1;
    const std::size_t extent_b = back <= b.size() ? b[b.size() - back] : 1;
    if (extent_a != extent_b && extent_a != 1 && extent_b != 1)
      throw Error(ErrorCode::invalid_argument, "the shapes of two operands do not fit: an extent is " +
                                                   std::to_string(extent_a) + " in the first and " +
                                                   std::to_string(extent_b) + " in the second")
          .expecting(std::to_string(extent_a), std::to_string(extent_b));
    shape.push_back(static_cast<std::int64_t>(extent_a == 1 ? extent_b : extent_a));
  }
  return shape;
}

// One axis of the result, and how far to step along it in each operand: 0 where the operand repeats.
struct BroadcastAxis {
  std::uint64_t extent;
  std::uint64_t a;
  std::uint64_t b;
};

// The axes of two operands whose shapes fit, the innermost first, at least one: {extent, a, b} for each of them. Axes
// along which both operands go on as they did are one: two operands of one shape have one axis.
[[nodiscard]] inline Elements broadcast_axes(std::span<const std::size_t> a, std::span<const std::size_t> b) {
  Elements axes(DT_UINT64, 3 * std::max<std::size_t>(1, std::max(a.size(), b.size())));
  BroadcastAxis* const first = axes.as<BroadcastAxis>();
  BroadcastAxis* last = first;
  *last = {1, 0, 0};
  std::size_t step_a = 1;
  std::size_t step_b = 1;
  for (std::size_t back = 1; back <= std::max(a.size(), b.size()); ++back) {
    const std::size_t extent_a = back <= a.size() ? a[a.size() - back] : 1;
    const std::size_t extent_b = back <= b.size() ? b[b.size() - back] : 1;
    const BroadcastAxis axis{extent_a == 1 ? extent_b : extent_a, extent_a == 1 ? 0 : step_a,
                             extent_b == 1 ? 0 : step_b};
    step_a *= extent_a;
    step_b *= extent_b;
    if (axis.extent == 1) continue;
    if (last->extent == 1)
      *last = axis;
    else if (axis.a == last->a * last->extent && axis.b == last->b * last->extent)
      last->extent *= axis.extent;
    else
      *++last = axis;
  }
  while (++last < first + axes.size() / 3) *last = {1, 0, 0};
  return axes;
}

// Goes through the result in its order, a run along the innermost axis at a time.
class BroadcastRuns {
 public:
  explicit BroadcastRuns(const Elements& axes) : axes_(axes.as<BroadcastAxis>()), count_(axes.size() / 3) {
    for (std::size_t i = 0; i < count_; ++i)
      if (axes_[i].extent == 0) is_done_ = true;
  }
  [[nodiscard]] bool is_done() const noexcept { return is_done_; }
  [[nodiscard]] const BroadcastAxis& run() const noexcept { return axes_[0]; }
  [[nodiscard]] std::size_t at_a() const noexcept { return at_a_; }
  [[nodiscard]] std::size_t at_b() const noexcept { return at_b_; }
  void next() {
    ++number_;
    at_a_ = at_b_ = 0;
    std::size_t left = number_;
    for (std::size_t i = 1; i < count_; ++i) {
      at_a_ += left % axes_[i].extent * axes_[i].a;
      at_b_ += left % axes_[i].extent * axes_[i].b;
      left /= axes_[i].extent;
    }
    is_done_ = left != 0 || count_ == 1;
  }

 private:
  const BroadcastAxis* axes_;
  std::size_t count_;
  std::size_t number_ = 0;  // of the runs before this one
  std::size_t at_a_ = 0;
  std::size_t at_b_ = 0;
  bool is_done_ = false;
};

}  // namespace CAIRN_NAMESPACE::ops::detail
