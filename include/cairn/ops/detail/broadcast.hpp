// The common shape of two operands, as in NumPy and TensorFlow: shapes are aligned at the last axis, and an extent of 1
// or a missing axis is repeated.
//
//   [10, 10] with [10]  -> [10, 10]      [8, 1] with [5] -> [8, 5]      anything with a scalar -> itself
#pragma once

#include "operand.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace cairn::ops::detail {

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

// How far to step in each operand along each axis of the result; 0 where the operand repeats.
template <std::size_t Rank>
struct BroadcastSteps {
  std::array<std::size_t, Rank> extents{};
  std::array<std::size_t, Rank> a{};
  std::array<std::size_t, Rank> b{};
  std::size_t count = 1;

  // Throws Error with ErrorCode::invalid_argument where dynamic extents turn out not to fit.
  template <std::size_t RankA, std::size_t RankB>
  BroadcastSteps(const std::array<std::size_t, RankA>& shape_a, const std::array<std::size_t, RankB>& shape_b) {
    std::size_t step_a = 1;
    std::size_t step_b = 1;
    for (std::size_t back = 1; back <= Rank; ++back) {
      std::size_t extent_a = 1;
      std::size_t extent_b = 1;
      if constexpr (RankA != 0) extent_a = back <= RankA ? shape_a[RankA - back] : 1;
      if constexpr (RankB != 0) extent_b = back <= RankB ? shape_b[RankB - back] : 1;
      if (extent_a != extent_b && extent_a != 1 && extent_b != 1)
        throw Error(ErrorCode::invalid_argument, "the shapes of two operands do not fit: an extent is " +
                                                     std::to_string(extent_a) + " in the first and " +
                                                     std::to_string(extent_b) + " in the second")
            .expecting(std::to_string(extent_a), std::to_string(extent_b));
      extents[Rank - back] = extent_a == 1 ? extent_b : extent_a;
      a[Rank - back] = extent_a == 1 ? 0 : step_a;
      b[Rank - back] = extent_b == 1 ? 0 : step_b;
      step_a *= extent_a;
      step_b *= extent_b;
      count *= extents[Rank - back];
    }
  }

  [[nodiscard]] Shape shape() const {
    Shape result;
    for (const std::size_t extent : extents) result.push_back(static_cast<std::int64_t>(extent));
    return result;
  }

  // visit(position in the result, in a, in b), in the result's order.
  template <class Visit>
  void for_each(Visit visit) const {
    if (count == 0) return;
    walk<0>(0, 0, 0, visit);
  }

 private:
  // Returns the number of elements visited.
  template <std::size_t Axis, class Visit>
  std::size_t walk(std::size_t out, std::size_t at_a, std::size_t at_b, Visit& visit) const {
    if constexpr (Axis == Rank) {
      visit(out, at_a, at_b);
      return 1;
    } else {
      const std::size_t first = out;
      for (std::size_t i = 0; i < extents[Axis]; ++i)
        out += walk<Axis + 1>(out, at_a + i * a[Axis], at_b + i * b[Axis], visit);
      return out - first;
    }
  }
};

}  // namespace cairn::ops::detail
