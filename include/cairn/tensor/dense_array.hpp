// dynamic, and the extents and indices that Variable and Tensor have in common.
//
// Extents are template arguments; cairn::dynamic leaves one of them to run time. A static shape takes no memory. The
// elements are always on the heap, row-major: a struct of big Variables stays small, and compiles fast.
#pragma once

#include "../core/element.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"

#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE {

// An extent that is known at run time only: `Variable<float, dynamic, 10>` is TensorFlow's shape [None, 10].
inline constexpr std::size_t dynamic = std::numeric_limits<std::size_t>::max();

namespace tensor::detail {

// The shape of these extents, where a dynamic one counts as 0.
[[nodiscard]] inline Shape shape_of(std::span<const std::size_t> extents) {
  Shape shape;
  for (const std::size_t extent : extents) shape.push_back(extent == dynamic ? 0 : static_cast<std::int64_t>(extent));
  return shape;
}

// The declared extents as data, for code that is compiled once for all shapes.
struct DeclaredShape {
  std::span<const std::size_t> extents;

  // The shape of a tensor that was just made: a dynamic extent is 0.
  [[nodiscard]] Shape initial_shape() const { return shape_of(extents); }

  // True when `shape` has this rank and agrees in every extent that is not dynamic.
  [[nodiscard]] bool accepts(const Shape& shape) const noexcept {
    if (shape.rank() != extents.size()) return false;
    for (std::size_t axis = 0; axis < extents.size(); ++axis)
      if (shape[axis] < 0 || (extents[axis] != dynamic && static_cast<std::size_t>(shape[axis]) != extents[axis]))
        return false;
    return true;
  }

  // The extents as text: "[784, 10]", with "?" for a dynamic extent.
  [[nodiscard]] std::string to_string() const {
    std::string text = "[";
    for (std::size_t axis = 0; axis < extents.size(); ++axis)
      text += (axis == 0 ? "" : ", ") + (extents[axis] == dynamic ? std::string("?") : std::to_string(extents[axis]));
    return text + "]";
  }

  // The number of elements of `shape`. Throws Error with ErrorCode::invalid_argument when accepts(shape) is false, or
  // when the number is above 2^63 - 1.
  [[nodiscard]] std::size_t count_required(const Shape& shape) const {
    if (!accepts(shape))
      throw Error(ErrorCode::invalid_argument, "a tensor of shape " + shape.to_string() +
                                                   " does not fit into one declared as " + to_string() +
                                                   "; change the declaration, or make the extent cairn::dynamic")
          .expecting(to_string(), shape.to_string());
    return static_cast<std::size_t>(shape.num_elements());
  }
};

template <std::size_t... Extents>
struct Extent {
  static constexpr std::size_t rank = sizeof...(Extents);
  static constexpr std::array<std::size_t, rank> values{Extents...};
  static constexpr bool is_static = ((Extents != dynamic) && ...);

  // The number of elements at first. A dynamic extent counts as zero, so that such a tensor is empty at first.
  static constexpr std::size_t initial_count = ((Extents == dynamic ? 0 : Extents) * ... * std::size_t{1});

  // The values as a list that spans are made of without a function of std::array for each rank.
  static constexpr std::size_t listed[rank + 1]{Extents..., 0};

  [[nodiscard]] static constexpr DeclaredShape declared() noexcept { return {{listed, rank}}; }
};

// Stores a shape. It takes no memory for static extents.
template <bool is_static, class E>
struct ShapeHolder {
  [[nodiscard]] std::span<const std::size_t> extents() const noexcept { return {E::listed, E::rank}; }
  void set(const Shape&) noexcept {}
  [[nodiscard]] std::size_t count() const noexcept { return E::initial_count; }
};
template <class E>
struct ShapeHolder<false, E> {
  std::size_t present[E::rank];

  ShapeHolder() noexcept {
    for (std::size_t axis = 0; axis < E::rank; ++axis) present[axis] = E::listed[axis] == dynamic ? 0 : E::listed[axis];
  }
  [[nodiscard]] std::span<const std::size_t> extents() const noexcept { return {present, E::rank}; }
  void set(const Shape& shape) noexcept {
    for (std::size_t axis = 0; axis < E::rank; ++axis) present[axis] = static_cast<std::size_t>(shape[axis]);
  }
  [[nodiscard]] std::size_t count() const noexcept {
    std::size_t product = 1;
    for (const std::size_t extent : present) product *= extent;
    return product;
  }
};

// The index of an element in row-major order. An index outside the extents is the programmer's mistake: an assert finds
// it.
template <std::integral... Indices>
[[nodiscard]] std::size_t flat_index(std::span<const std::size_t> extents, Indices... indices) noexcept {
  const std::size_t each[]{static_cast<std::size_t>(indices)..., 0};
  std::size_t flat = 0;
  for (std::size_t axis = 0; axis < sizeof...(Indices); ++axis) {
    assert(each[axis] < extents[axis] && "cairn: an index is outside the tensor's extents");
    flat = flat * extents[axis] + each[axis];
  }
  return flat;
}

}  // namespace tensor::detail
}  // namespace CAIRN_NAMESPACE
