// Dropout: in training, elements set to zero at random; in inference, nothing.
//
//   keras::Dropout<0.5> layer;
//   layer(x)                    // x
//   layer(x, keras::training)   // half of the elements 0, the others twice as large
//
// Draws from cairn::random (random::set_seed). Has no state: Keras saves none, either.
#pragma once

#include "../ops/dropout.hpp"
#include "../ops/reshape.hpp"
#include "arguments.hpp"
#include "training_mode.hpp"

namespace cairn::keras {

template <Number rate>
struct Dropout {
  static_assert(0 <= double{rate} && double{rate} < 1, "cairn: a Dropout's rate is a share: in [0, 1).");

  template <class Shape>
  using output_shape = Shape;

  [[nodiscard]] auto operator()(const cairn::detail::FloatingOperand auto& x) const {
    return cairn::detail::as_tensor(x);
  }
  [[nodiscard]] auto operator()(const cairn::detail::FloatingOperand auto& x, Training) const {
    return nn::dropout(x, rate);
  }
};

}  // namespace cairn::keras
