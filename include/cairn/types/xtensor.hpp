// xtensor's arrays as members of a state.
//
//   xt::xarray               any shape, in any layout
//   xt::xtensor              a fixed number of axes, in any layout
//   xt::xtensor_fixed        a fixed shape
//   xt::adapt, xt::view      and other expressions with data() and strides() that can be written: the elements that
//                            they look at, which a restore writes where they are
//
// A restore gives an xt::xarray or xt::xtensor the checkpoint's shape, and keeps its layout. The others keep their
// shape: the checkpoint must have it.
#pragma once

#include "../tensor/dense_array.hpp"
#include "array_interface.hpp"
#include "detail/array_type.hpp"
#include "detail/inline_arrays.hpp"

#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xfixed.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xtensor.hpp>
#endif

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <tuple>

namespace CAIRN_NAMESPACE {

namespace types::detail {

template <class A>
concept XtensorArray = requires { typename A::shape_type; } && xt::is_xexpression<A>::value &&
                       NumericElement<typename A::value_type> && requires(A& array, const A& constant) {
                         { array.data() } -> std::same_as<typename A::value_type*>;
                         { constant.data() } -> std::convertible_to<const typename A::value_type*>;
                         { constant.data_offset() } -> std::convertible_to<std::size_t>;
                         constant.strides().begin();
                         constant.shape().begin();
                       };

template <class A>
inline constexpr bool is_xtensor_fixed = false;
template <class T, class Shape, xt::layout_type layout, bool shares, class Tag>
inline constexpr bool is_xtensor_fixed<xt::xfixed_container<T, Shape, layout, shares, Tag>> = true;

// Those that own their elements, and can be resized.
template <class A>
inline constexpr bool is_xtensor_owner = false;
template <class Storage, xt::layout_type layout, class Shape, class Tag>
inline constexpr bool is_xtensor_owner<xt::xarray_container<Storage, layout, Shape, Tag>> = true;
template <class Storage, std::size_t rank, xt::layout_type layout, class Tag>
inline constexpr bool is_xtensor_owner<xt::xtensor_container<Storage, rank, layout, Tag>> = true;

template <class S>
struct XtensorExtents {};
template <class T, std::size_t rank>
struct XtensorExtents<std::array<T, rank>> {
  static constexpr auto extents = [] {
    std::array<std::size_t, rank> extents;
    extents.fill(dynamic);
    return extents;
  }();
};
template <std::size_t... extent>
struct XtensorExtents<xt::fixed_shape<extent...>> {
  static constexpr std::array<std::size_t, sizeof...(extent)> extents{extent...};
};

}  // namespace types::detail

template <types::detail::XtensorArray A>
struct ArrayInterface<A> : types::detail::XtensorExtents<typename A::shape_type> {
  using value_type = typename A::value_type;
  static constexpr bool is_inline = types::detail::is_xtensor_fixed<A>;

  [[nodiscard]] static ArrayLayout layout(const A& array) {
    ArrayLayout layout{.data = array.data() + array.data_offset()};
    for (const auto extent : array.shape()) layout.shape.push_back(static_cast<std::int64_t>(extent));
    for (const auto stride : array.strides())
      layout.strides.push_back(static_cast<std::int64_t>(stride) * static_cast<std::int64_t>(sizeof(value_type)));
    return layout;
  }

  [[nodiscard]] static A make(const A& like, const Shape& shape)
    requires types::detail::is_xtensor_owner<A>
  {
    auto extents = xtl::make_sequence<typename A::shape_type>(shape.rank(), 0);
    for (std::size_t axis = 0; axis < shape.rank(); ++axis)
      extents[axis] = static_cast<typename A::size_type>(shape[axis]);
    A made;
    if constexpr (A::static_layout == xt::layout_type::dynamic)
      made.resize(extents, like.layout() == xt::layout_type::column_major ? like.layout() : xt::layout_type::row_major);
    else
      made.resize(extents);
    return made;
  }
};

}  // namespace CAIRN_NAMESPACE
