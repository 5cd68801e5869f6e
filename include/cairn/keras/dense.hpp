// Dense: activation(x · kernel + bias).
//
//   keras::Dense<784, 10, keras::relu> layer;
//   const auto y = layer(x);   // x: [n, 784], n static or cairn::dynamic; y: [n, 10]
//
//   keras::Dense<784, 10, keras::relu, keras::use_bias<false>, keras::dtype<double>>
//
// Axes between the first and the last one stay as they are: [n, 20, 784] becomes [n, 20, 10].
#pragma once

#include "../ops/detail/dense.hpp"
#include "../reflect/members.hpp"
#include "activations.hpp"
#include "arguments.hpp"
#include "detail/example_shape.hpp"
#include "detail/optional_variable.hpp"
#include "initializers.hpp"
#include "layer_shape.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::keras {

// A plain struct of two Variables, from In numbers to Out.
template <std::size_t In, std::size_t Out, auto... arguments>
struct Dense {
  static_assert(In > 0 && Out > 0, "cairn: each size of a layer is at least 1.");
  // The element type, and the layer's shapes (layer_shape.hpp).
  using input_type = detail::element_type<arguments...>;
  using input_shape = Extents<In>;
  template <class Shape>
  using output_shape = detail::last_axis<Shape, In, Out>;
  // The arguments, with Keras' defaults (arguments.hpp).
  using ArgumentsAreKnown = decltype(detail::Arguments<Dense, detail::AnActivation, UseBias,
                                                       ElementType<void>>::template require<arguments...>());
  static constexpr auto activation = detail::argument_or<linear, arguments...>;
  static constexpr bool has_bias = detail::argument_or<use_bias<true>, arguments...>.value;

  // The kernel is [In, Out] and begins as glorot_uniform; the bias is [Out] and begins as zeros. Without a bias, that
  // member is an empty struct.
  Variable<input_type, In, Out> kernel{glorot_uniform<input_type, In, Out>(), {.name = "kernel"}};
  detail::VariableIf<has_bias, input_type, Out> bias{VariableOptions{.name = "bias"}};

  // The input is [..., In], the output [..., Out]. Throws Error with ErrorCode::invalid_argument when a dynamic last
  // axis of the input is not In.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    if constexpr (!detail::fits_into<X, Dense>()) {
      detail::refuse_input<X, Dense>();
      return Tensor<input_type, dynamic, Out>();
    } else {
      return activation(ops::detail::dense<detail::output_tensor<input_type, X, Dense>>(x, kernel, bias));
    }
  }

  // Returns references to the trainable Variables, in Keras' order.
  [[nodiscard]] auto trainable_variables() { return detail::list_of_present(kernel, bias); }
  [[nodiscard]] auto trainable_variables() const { return detail::list_of_present(kernel, bias); }
};

}  // namespace CAIRN_NAMESPACE::keras

// A save writes Keras 3's name of the kernel; a restore finds Keras 2's "kernel", too.
template <std::size_t In, std::size_t Out, auto... arguments>
inline constexpr auto cairn::members<cairn::keras::Dense<In, Out, arguments...>> =
    cairn::describe(cairn::rename<"kernel">("_kernel"));
