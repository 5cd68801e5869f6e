// keras::training: the argument of a call in training. Without it a call is inference.
//
//   const auto y = model(x);                    // inference
//   const auto y = model(x, keras::training);   // Keras' model(x, training=True)
//
// In training, Dropout drops elements, and BatchNormalization uses the batch's mean and variance and updates its moving
// averages. A Sequential hands the argument to its layers. A struct of layers of the user's own does so with a
// parameter pack, and can then be called both ways:
//
//   struct Net {
//     keras::Dense<8, 16, keras::relu> hidden;
//     keras::Dropout<0.5> dropout;
//     keras::Dense<16, 2> output;
//     auto operator()(const auto& x, auto... mode) { return output(dropout(hidden(x), mode...)); }
//   };
#pragma once

#include "../version.hpp"

#include <concepts>
#include <utility>

namespace CAIRN_NAMESPACE::keras {

// The type of keras::training.
struct Training {};
// The argument of a call in training: convnet(images, keras::training). A call without it is inference.
inline constexpr Training training{};

namespace detail {

template <class Layer, class X>
concept KnowsTraining = requires(Layer& layer, const X& x) { layer(x, training); };

// Calls the layer with `mode`, or without it where the layer does not take the argument.
template <class Layer, class X>
[[nodiscard]] auto call_layer(Layer& layer, const X& x, Training mode) {
  if constexpr (KnowsTraining<Layer, X>)
    return layer(x, mode);
  else
    return layer(x);
}
template <class Layer, class X>
[[nodiscard]] auto call_layer(Layer& layer, const X& x) {
  return layer(x);
}

}  // namespace detail
}  // namespace CAIRN_NAMESPACE::keras
