// MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D: layers that make images smaller, channels last.
//
//   keras::MaxPooling2D<2>                                               // [n, 28, 28, 8] -> [n, 14, 14, 8]
//   keras::AveragePooling2D<3, keras::strides<2>, keras::padding<"same">>
//   keras::GlobalAveragePooling2D                                        // [n, 28, 28, 8] -> [n, 8]
//
// MaxPooling2D takes the largest element of each window, AveragePooling2D the mean of the elements that lie inside of
// the image, and GlobalAveragePooling2D the mean of all elements of an image; each for every channel.
//
// As in Keras, the strides are the pool's size when they are left out. The layers have no state. A call throws Error
// with ErrorCode::invalid_argument when images of dynamic extents are smaller than the pool.
#pragma once

#include "../ops/detail/pooling.hpp"
#include "detail/window_shape.hpp"

#include <cstddef>
#include <utility>

namespace cairn::keras {

namespace detail {

template <Size2D pool_size, auto... arguments>
struct PoolWindow {
  static_assert(pool_size.height > 0 && pool_size.width > 0, "cairn: each size of a layer is at least 1.");
  static constexpr WindowArguments value{pool_size,
                                         argument_or<Strides{pool_size.height, pool_size.width}, arguments...>,
                                         argument_or<padding<"valid">, arguments...>};
};

struct Maximum {
  template <class Y, class X>
  [[nodiscard]] static Y pool(const X& x, const ops::detail::WindowOnImages& window, const Shape& shape) {
    using T = typename Y::value_type;
    const ops::detail::Input from(x);
    Y y(shape);
    auto places = ops::detail::max_pool_places(window, from.data());
    ops::detail::pick_places(window, places, from.data(), y.data());
    if (ops::detail::is_recording())
      ops::detail::record(y, ops::detail::max_pool_edge<T>(window, std::move(places), from.source(), from.size()));
    return y;
  }
};
struct Average {
  template <class Y, class X>
  [[nodiscard]] static Y pool(const X& x, const ops::detail::WindowOnImages& window, const Shape& shape) {
    using T = typename Y::value_type;
    const ops::detail::Input from(x);
    Y y(shape);
    ops::detail::add_average_pool(window, from.data(), y.data());
    if (ops::detail::is_recording())
      ops::detail::record(y, ops::detail::average_pool_edge<T>(window, from.source(), from.size()));
    return y;
  }
};

// Calls a pooling layer on x. `Reducer` makes one element of a window.
template <class Layer, class Reducer, class X>
[[nodiscard]] auto pooled(const X& x) {
  using T = typename X::value_type;
  if constexpr (!fits_into<X, Layer>()) {
    refuse_input<X, Layer>();
    return Tensor<T, dynamic, dynamic, dynamic, dynamic>();
  } else {
    const auto on_x = window_on(x, Layer::window);
    return Reducer::template pool<output_tensor<T, X, Layer>>(x, on_x, ops::detail::shape_behind(on_x, on_x.channels));
  }
}

}  // namespace detail

// The input is [n, height, width, channels], the output [n, new height, new width, channels].
template <Size2D pool_size = 2, auto... arguments>
struct MaxPooling2D {
  static constexpr detail::WindowArguments window = detail::PoolWindow<pool_size, arguments...>::value;
  using input_shape = Extents<dynamic, dynamic, dynamic>;
  template <class Shape>
  using output_shape = detail::window_shape<Shape, window>;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<MaxPooling2D, Strides, Padding>::template require<arguments...>());

  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const {
    return detail::pooled<MaxPooling2D, detail::Maximum>(x);
  }
};

template <Size2D pool_size = 2, auto... arguments>
struct AveragePooling2D {
  static constexpr detail::WindowArguments window = detail::PoolWindow<pool_size, arguments...>::value;
  using input_shape = Extents<dynamic, dynamic, dynamic>;
  template <class Shape>
  using output_shape = detail::window_shape<Shape, window>;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<AveragePooling2D, Strides, Padding>::template require<arguments...>());

  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const {
    return detail::pooled<AveragePooling2D, detail::Average>(x);
  }
};

// The input is [n, height, width, channels], the output [n, channels].
struct GlobalAveragePooling2D {
  using input_shape = Extents<dynamic, dynamic, dynamic>;
  template <class Shape>
  using output_shape = typename detail::LastOfThree<Shape>::type;

  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    using T = typename X::value_type;
    if constexpr (!detail::fits_into<X, GlobalAveragePooling2D>()) {
      detail::refuse_input<X, GlobalAveragePooling2D>();
      return Tensor<T, dynamic, dynamic>();
    } else {
      const detail::WindowArguments all{{x.extent(1), x.extent(2)}, {1, 1}, Padding::valid};
      return detail::Average::pool<detail::output_tensor<T, X, GlobalAveragePooling2D>>(
          x, detail::window_on(x, all), detail::batch_of(x, {x.extent(3)}));
    }
  }
};

}  // namespace cairn::keras
