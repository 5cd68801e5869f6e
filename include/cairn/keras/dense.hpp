// Dense: activation(x · kernel + bias).
//
//   keras::Dense<784, 10, keras::relu> layer;
//   const auto y = layer(x);   // x: [n, 784], n static or cairn::dynamic; y: [n, 10]
#pragma once

#include "../ops/arithmetic.hpp"
#include "../ops/matmul.hpp"
#include "activations.hpp"
#include "initializers.hpp"
#include "variable_list.hpp"

#include <cstddef>
#include <tuple>

namespace cairn::keras {

namespace detail {

// Instantiated with the input and the layer, so that the compiler names both.
template <class X, class Layer>
struct InputFitsDense {
  static_assert(X::rank == 2,
                "cairn: a Dense layer takes a tensor of two axes: one row for each example of the batch.");
  static constexpr std::size_t columns = X::rank == 2 ? X::extents_type::values[X::rank - 1] : Layer::inputs;
  static_assert(columns == Layer::inputs || columns == dynamic,
                "cairn: this input does not fit into this Dense layer: its rows must be as long as the layer's first "
                "template argument says.");
};
template <class X, std::size_t inputs>
[[nodiscard]] constexpr bool fits_into_dense() noexcept {
  if constexpr (X::rank == 2)
    return X::extents_type::values[1] == inputs || X::extents_type::values[1] == dynamic;
  else
    return false;
}

}  // namespace detail

// A plain struct: its Variables are its state. Initialised as Keras does: GlorotUniform kernel, zero bias.
template <std::size_t In, std::size_t Out, auto activation = linear, class T = float>
struct Dense {
  static constexpr std::size_t inputs = In;
  static constexpr std::size_t outputs = Out;

  Variable<T, In, Out> kernel{glorot_uniform<T, In, Out>(), {.name = "kernel"}};
  Variable<T, Out> bias{VariableOptions{.name = "bias"}};

  template <cairn::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    if constexpr (detail::fits_into_dense<X, In>()) {
      return activation(matmul(x, kernel) + bias);
    } else {
      static_cast<void>(cairn::detail::refuse<detail::InputFitsDense<X, Dense>>());
      return Tensor<T, dynamic, Out>();
    }
  }

  [[nodiscard]] auto trainable_variables() { return cairn::detail::list_of(std::tie(kernel, bias)); }
  [[nodiscard]] auto trainable_variables() const { return cairn::detail::list_of(std::tie(kernel, bias)); }
};

}  // namespace cairn::keras
