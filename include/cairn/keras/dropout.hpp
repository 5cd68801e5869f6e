// Dropout: sets elements to zero at random in training, and returns its input in inference.
//
//   keras::Dropout<0.5> layer;
//   layer(x)                    // x
//   layer(x, keras::training)   // half of the elements are 0, the others are twice as large
//
// The numbers are drawn from cairn::random; random::set_seed makes them repeatable. The layer has no state, and saves
// nothing, as in Keras.
#pragma once

#include "../ops/dropout.hpp"
#include "../ops/reshape.hpp"
#include "arguments.hpp"
#include "training_mode.hpp"

namespace CAIRN_NAMESPACE::keras {

// A layer without state. `rate` is the probability that an element is dropped, in [0, 1).
template <Number rate>
struct Dropout {
  static_assert(0 <= double{rate} && double{rate} < 1, "cairn: a Dropout's rate is a share: in [0, 1).");

  // The output has the shape of the input.
  template <class Shape>
  using output_shape = Shape;

  // The first call returns the input. The second one divides the elements that stay by 1 - rate, so that their mean
  // stays.
  [[nodiscard]] auto operator()(const ops::detail::FloatingOperand auto& x) const { return ops::detail::as_tensor(x); }
  [[nodiscard]] auto operator()(const ops::detail::FloatingOperand auto& x, Training) const {
    return nn::dropout(x, rate);
  }
};

}  // namespace CAIRN_NAMESPACE::keras
