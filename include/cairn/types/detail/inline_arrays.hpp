// Lists of arrays whose elements lie in the object itself, as those of an Eigen::Vector3d: a std::vector or std::array of
// them is one array with one more axis.
#pragma once

#include "../array_interface.hpp"
#include "array_type.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace CAIRN_NAMESPACE::types::detail {

template <class A>
concept InlineArray = KnownToTheCompiler<A> && requires { requires ArrayInterface<A>::is_inline; };

// An axis of `count`, or of any number if that is `dynamic`, before those of an A.
template <class List, class A, std::size_t count>
struct ListOfArrays {
  static constexpr DType dtype = declared_dtype<A>();
  static constexpr auto extents = [] {
    std::array<std::size_t, ArrayInterface<A>::extents.size() + 1> all{count};
    for (std::size_t axis = 1; axis < all.size(); ++axis) all[axis] = ArrayInterface<A>::extents[axis - 1];
    return all;
  }();

  [[nodiscard]] static ArrayLayout layout(const List& list) {
    ArrayLayout layout{.shape = {static_cast<std::int64_t>(list.size())}};
    for (const std::size_t extent : ArrayInterface<A>::extents)
      layout.shape.push_back(static_cast<std::int64_t>(extent));
    if (list.empty()) return layout;
    const ArrayLayout first = ArrayInterface<A>::layout(list.front());
    layout.data = first.data;
    layout.strides = strides_of(first.strides, first.shape, dtype);
    layout.strides.insert(layout.strides.begin(), static_cast<std::int64_t>(sizeof(A)));
    return layout;
  }
};

}  // namespace CAIRN_NAMESPACE::types::detail

namespace CAIRN_NAMESPACE {

template <types::detail::InlineArray A, class Allocator>
struct ArrayInterface<std::vector<A, Allocator>> : types::detail::ListOfArrays<std::vector<A, Allocator>, A, dynamic> {
  [[nodiscard]] static std::vector<A, Allocator> make(const Shape& shape) {
    return std::vector<A, Allocator>(static_cast<std::size_t>(shape[0]));
  }
};

template <types::detail::InlineArray A, std::size_t count>
  requires(count > 0)
struct ArrayInterface<std::array<A, count>> : types::detail::ListOfArrays<std::array<A, count>, A, count> {
  static constexpr bool is_inline = true;
};

}  // namespace CAIRN_NAMESPACE
