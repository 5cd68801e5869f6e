// Activation: an activation as a layer of its own.
//
//   keras::Activation<keras::relu>
#pragma once

#include "activations.hpp"

namespace cairn::keras {

template <auto function>
struct Activation {
  template <class Shape>
  using output_shape = Shape;

  [[nodiscard]] auto operator()(const cairn::detail::Operand auto& x) const { return function(x); }
};

}  // namespace cairn::keras
