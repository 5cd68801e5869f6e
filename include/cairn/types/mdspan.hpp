// std::mdspan as a member of a state: numbers in any layout that has strides are a tensor [extents...]. A restore
// writes to the elements that the view refers to, and does not resize it.
//
//   std::vector<float> grid(15);
//   struct State { std::mdspan<float, std::extents<int, 3, 5>> grid; };       // grid  float32 [3, 5]
#pragma once

#include "array_interface.hpp"
#include "detail/array_type.hpp"

#include <version>

#if defined(__cpp_lib_mdspan)
#include <mdspan>
#else
#error \
    "cairn: there is no std::mdspan here. It needs C++23 and a standard library that has <mdspan>, as clang 19's libc++."
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CAIRN_NAMESPACE {

template <NumericElement T, class Extents, class Layout>
  requires(!std::is_const_v<T> && std::mdspan<T, Extents, Layout>::is_always_strided())
struct ArrayInterface<std::mdspan<T, Extents, Layout>> {
  using value_type = T;
  static constexpr auto extents = [] {
    std::array<std::size_t, Extents::rank()> all{};
    for (std::size_t axis = 0; axis < all.size(); ++axis)
      all[axis] = Extents::static_extent(axis) == std::dynamic_extent ? dynamic : Extents::static_extent(axis);
    return all;
  }();
  [[nodiscard]] static ArrayLayout layout(const std::mdspan<T, Extents, Layout>& view) {
    ArrayLayout layout{.data = view.data_handle()};
    if constexpr (Extents::rank() > 0)  // without extents there is no stride() either
      for (std::size_t axis = 0; axis < Extents::rank(); ++axis) {
        layout.shape.push_back(static_cast<std::int64_t>(view.extent(axis)));
        layout.strides.push_back(static_cast<std::int64_t>(view.stride(axis)) * static_cast<std::int64_t>(sizeof(T)));
      }
    return layout;
  }
};

}  // namespace CAIRN_NAMESPACE
