// LayerNormalization: makes mean 0 and variance 1 of each row (along the last axis), multiplies by gamma and adds beta.
//
//   keras::LayerNormalization<64> layer;   // rows of 64
//   const auto y = layer(x);               // [n, 10, 64] -> [n, 10, 64]
//
//   keras::LayerNormalization<64, keras::epsilon<1e-6>, keras::center<false>, keras::scale<false>>
#pragma once

#include "batch_normalization.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::keras {

// A plain struct of two Variables: gamma begins as ones, beta as zeros.
template <std::size_t size, auto... arguments>
struct LayerNormalization {
  static_assert(size > 0, "cairn: each size of a layer is at least 1.");
  // The element type, and the layer's shapes (layer_shape.hpp).
  using input_type = detail::element_type<arguments...>;
  using input_shape = Extents<size>;
  template <class Shape>
  using output_shape = detail::last_axis<Shape, size, size>;
  // The arguments, with Keras' defaults (arguments.hpp).
  using ArgumentsAreKnown = decltype(detail::Arguments<LayerNormalization, Epsilon, Center, Scale,
                                                       ElementType<void>>::template require<arguments...>());
  static constexpr double epsilon = detail::argument_or<keras::epsilon<1e-3>, arguments...>.value;
  static constexpr bool has_gamma = detail::argument_or<scale<true>, arguments...>.value;
  static constexpr bool has_beta = detail::argument_or<center<true>, arguments...>.value;

  // Each has the shape [size], and is an empty struct where the arguments leave it out.
  detail::VariableIf<has_gamma, input_type, size> gamma{ones<input_type, size>(), {.name = "gamma"}};
  detail::VariableIf<has_beta, input_type, size> beta{VariableOptions{.name = "beta"}};

  // The input is [..., size], the output has its shape. Throws Error with ErrorCode::invalid_argument when a dynamic
  // last axis is not `size` long.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    using T = input_type;
    if constexpr (!detail::fits_into<X, LayerNormalization>()) {
      detail::refuse_input<X, LayerNormalization>();
      return Tensor<T, dynamic, size>();
    } else {
      const ops::detail::Input from(x);
      const detail::OptionalInput<T, decltype(gamma)> by(gamma);
      const detail::OptionalInput<T, decltype(beta)> plus(beta);
      const auto normalized = ops::detail::normalized_rows(from.data, from.size / size, size, static_cast<T>(epsilon));
      detail::output_tensor<T, X, LayerNormalization> y(x.shape());
      ops::detail::scale_columns(normalized, by.data(), plus.data(), y.data());
      if (ops::detail::is_recording())
        ops::detail::record_normalization(y, from, &ops::detail::add_layer_normalization<T>, normalized, by.input(),
                                          plus.input());
      return y;
    }
  }

  // Returns references to the trainable Variables, in Keras' order.
  [[nodiscard]] auto trainable_variables() { return detail::list_of_present(gamma, beta); }
  [[nodiscard]] auto trainable_variables() const { return detail::list_of_present(gamma, beta); }
};

}  // namespace CAIRN_NAMESPACE::keras
