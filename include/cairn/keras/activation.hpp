// Activation: an activation function as a layer of its own.
//
//   keras::Activation<keras::relu>
#pragma once

#include "activations.hpp"

namespace cairn::keras {

// Calls `function`, an activation of activations.hpp or a function of the user's own, with its input. The output has
// the input's shape. It has no state.
template <auto function>
struct Activation {
  template <class Shape>
  using output_shape = Shape;

  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return function(x); }
};

}  // namespace cairn::keras
