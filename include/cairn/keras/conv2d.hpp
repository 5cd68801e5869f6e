// Conv2D: activation(convolution of images with a kernel + bias), channels last.
//
//   keras::Conv2D<1, 32, 3, keras::relu> layer;   // 1 channel, 32 filters, kernel 3 x 3
//   const auto y = layer(x);                      // x: [n, 28, 28, 1]; y: [n, 26, 26, 32]
//
//   keras::Conv2D<32, 64, keras::kernel_size<3, 5>, keras::strides<2>, keras::padding<"same">, keras::use_bias<false>>
//
// The height and width of the images are not arguments: a layer takes images of any size.
#pragma once

#include "../ops/detail/conv2d.hpp"
#include "../ops/detail/dense.hpp"
#include "../reflect/members.hpp"
#include "activations.hpp"
#include "detail/optional_variable.hpp"
#include "detail/window_shape.hpp"
#include "initializers.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

// Throws Error with ErrorCode::invalid_argument when images of dynamic extents do not fit.
[[nodiscard]] inline ops::detail::Convolution convolution_on(std::span<const std::size_t> x,
                                                             std::span<const std::size_t> kernel,
                                                             const WindowArguments& window) {
  const ops::detail::Convolution sizes{window_on(x, window), window.gives};
  if (sizes.window.channels != window.takes)
    throw Error(ErrorCode::invalid_argument,
                "images of shape " + tensor::detail::shape_of(x).to_string() + " do not fit onto a kernel of shape " +
                    tensor::detail::shape_of(kernel).to_string() + ": it takes other channels")
        .expecting(std::to_string(window.takes), std::to_string(sizes.window.channels));
  return sizes;
}
template <class Y, class X, class Kernel, class Bias>
[[nodiscard]] Y conv2d(const X& x, const Kernel& kernel, const Bias& bias, const WindowArguments& window) {
  const ops::detail::Convolution sizes = convolution_on(x.extents(), kernel.extents(), window);
  Y y(ops::detail::shape_behind(sizes.window, sizes.filters));
  const ops::detail::Input from(x);
  const ops::detail::Input by(kernel);
  if constexpr (is_variable<Bias>) {
    const ops::detail::Input added(bias);
    ops::detail::conv2d_into(sizes, from, by, &added, y, y.data());
  } else {
    ops::detail::conv2d_into<typename Y::value_type>(sizes, from, by, nullptr, y, y.data());
  }
  return y;
}

}  // namespace detail

// A plain struct of two Variables, with `filters` filters on images of `In` channels.
template <std::size_t In, std::size_t filters, Size2D kernel_size, auto... arguments>
struct Conv2D {
  static_assert(In > 0 && filters > 0 && kernel_size.height > 0 && kernel_size.width > 0,
                "cairn: each size of a layer is at least 1.");
  // The element type, and the layer's shapes (layer_shape.hpp).
  using input_type = detail::element_type<arguments...>;
  // The arguments, with Keras' defaults (arguments.hpp).
  static constexpr detail::WindowArguments window{kernel_size, detail::argument_or<strides<1>, arguments...>,
                                                  detail::argument_or<padding<"valid">, arguments...>, In, filters};
  using input_shape = Extents<dynamic, dynamic, In>;
  template <class Shape>
  using output_shape = detail::window_shape<Shape, window>;
  using ArgumentsAreKnown = decltype(detail::Arguments<Conv2D, detail::AnActivation, Strides, Padding, UseBias,
                                                       ElementType<void>>::template require<arguments...>());
  static constexpr auto activation = detail::argument_or<linear, arguments...>;
  static constexpr bool has_bias = detail::argument_or<use_bias<true>, arguments...>.value;

  // The kernel is [height, width, In, filters] and begins as glorot_uniform; the bias is [filters] and begins as zeros.
  // Without a bias, that member is an empty struct.
  Variable<input_type, kernel_size.height, kernel_size.width, In, filters> kernel{
      glorot_uniform<input_type, kernel_size.height, kernel_size.width, In, filters>(), {.name = "kernel"}};
  detail::VariableIf<has_bias, input_type, filters> bias{VariableOptions{.name = "bias"}};

  // The input is [n, height, width, In], the output [n, new height, new width, filters]. Throws Error with
  // ErrorCode::invalid_argument when dynamic extents do not fit: other channels, or images that are smaller than the
  // kernel.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    if constexpr (!detail::fits_into<X, Conv2D>()) {
      detail::refuse_input<X, Conv2D>();
      return Tensor<input_type, dynamic, dynamic, dynamic, filters>();
    } else {
      return activation(detail::conv2d<detail::output_tensor<input_type, X, Conv2D>>(x, kernel, bias, window));
    }
  }

  // Returns references to the trainable Variables, in Keras' order.
  [[nodiscard]] auto trainable_variables() { return detail::list_of_present(kernel, bias); }
  [[nodiscard]] auto trainable_variables() const { return detail::list_of_present(kernel, bias); }
};

}  // namespace CAIRN_NAMESPACE::keras

// A save writes Keras 3's name of the kernel; a restore finds Keras 2's "kernel", too.
template <std::size_t In, std::size_t filters, cairn::keras::Size2D kernel_size, auto... arguments>
inline constexpr auto cairn::members<cairn::keras::Conv2D<In, filters, kernel_size, arguments...>> =
    cairn::describe(cairn::rename<"kernel">("_kernel"));
