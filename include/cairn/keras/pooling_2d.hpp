// MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D: layers that make images smaller, channels last.
//
//   keras::MaxPooling2D<2>                                               // [n, 28, 28, 8] -> [n, 14, 14, 8]
//   keras::AveragePooling2D<3, keras::strides<2>, keras::padding<"same">>
//   keras::GlobalAveragePooling2D                                        // [n, 28, 28, 8] -> [n, 8]
//
// Every channel is treated by itself. As in Keras, the strides are the pool's size when they are left out. The layers
// have no state.
#pragma once

#include "../ops/detail/pooling.hpp"
#include "detail/window_shape.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

template <Size2D pool_size, auto... arguments>
struct PoolWindow {
  static_assert(pool_size.height > 0 && pool_size.width > 0, "cairn: each size of a layer is at least 1.");
  static constexpr WindowArguments value{pool_size,
                                         argument_or<Strides{pool_size.height, pool_size.width}, arguments...>,
                                         argument_or<padding<"valid">, arguments...>};
};

// Calls a pooling layer on x: y has the largest element or the mean of each window. A window of size 0 is as large as
// the images, which leaves no axis of positions.
template <class Layer, bool largest, class X>
[[nodiscard]] auto pooled(const X& x, WindowArguments window) {
  using T = typename X::value_type;
  if constexpr (!fits_into<X, Layer>()) {
    refuse_input<X, Layer>();
    return Tensor<T, dynamic, dynamic, dynamic, dynamic>();
  } else {
    const bool is_global = window.size.height == 0;
    if (is_global) window.size = Size2D(x.extent(1), x.extent(2));
    const ops::detail::WindowOnImages on_x = window_on(x.extents(), window);
    const Shape shape = ops::detail::shape_behind(on_x, on_x.channels);
    output_tensor<T, X, Layer> y(is_global ? Shape{shape[0], shape[3]} : shape);
    if constexpr (largest)
      ops::detail::max_pool_into(on_x, ops::detail::Input(x), y, y.data());
    else
      ops::detail::average_pool_into(on_x, ops::detail::Input(x), y, y.data());
    return y;
  }
}

}  // namespace detail

// The largest element of each window.
template <Size2D pool_size = 2, auto... arguments>
struct MaxPooling2D {
  // The window, and its steps in height and width.
  static constexpr detail::WindowArguments window = detail::PoolWindow<pool_size, arguments...>::value;
  using input_shape = Extents<dynamic, dynamic, dynamic>;
  template <class Shape>
  using output_shape = detail::window_shape<Shape, window>;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<MaxPooling2D, Strides, Padding>::template require<arguments...>());

  // The input is [n, height, width, channels], the output [n, new height, new width, channels]. Throws Error with
  // ErrorCode::invalid_argument when images of dynamic extents are smaller than the pool.
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const {
    return detail::pooled<MaxPooling2D, true>(x, window);
  }
};

// The mean of the elements of each window that lie inside of the image.
template <Size2D pool_size = 2, auto... arguments>
struct AveragePooling2D {
  // The window, and its steps in height and width.
  static constexpr detail::WindowArguments window = detail::PoolWindow<pool_size, arguments...>::value;
  using input_shape = Extents<dynamic, dynamic, dynamic>;
  template <class Shape>
  using output_shape = detail::window_shape<Shape, window>;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<AveragePooling2D, Strides, Padding>::template require<arguments...>());

  // The input is [n, height, width, channels], the output [n, new height, new width, channels]. Throws Error with
  // ErrorCode::invalid_argument when images of dynamic extents are smaller than the pool.
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const {
    return detail::pooled<AveragePooling2D, false>(x, window);
  }
};

// The mean of all elements of an image.
struct GlobalAveragePooling2D {
  // An example has three axes: height, width and channels.
  using input_shape = Extents<dynamic, dynamic, dynamic>;
  // The axes of height and width are gone.
  template <class Shape>
  using output_shape = typename detail::LastOfThree<Shape>::type;

  // The input is [n, height, width, channels], the output [n, channels].
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const {
    return detail::pooled<GlobalAveragePooling2D, false>(x, {{0, 0}, {1, 1}, Padding::valid});
  }
};

}  // namespace CAIRN_NAMESPACE::keras
