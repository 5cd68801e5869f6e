// keras::training: the argument of a call in which layers do what they do in training only.
//
//   const auto y = model(x);                    // inference
//   const auto y = model(x, keras::training);   // Keras' model(x, training=True)
//
// Dropout drops, BatchNormalization takes the batch's mean and variance and updates its moving averages. Sequential
// hands it on to its layers. A struct of layers of one's own does so with a pack, and is called both ways then:
//
//   struct Net {
//     keras::Dense<8, 16, keras::relu> hidden;
//     keras::Dropout<0.5> dropout;
//     keras::Dense<16, 2> output;
//     auto operator()(const auto& x, auto... mode) { return output(dropout(hidden(x), mode...)); }
//   };
#pragma once

#include <concepts>
#include <utility>

namespace cairn::keras {

struct Training {};
inline constexpr Training training{};

namespace detail {

template <class Layer, class X>
concept KnowsTraining = requires(Layer& layer, const X& x) { layer(x, training); };

// Layers that do the same in training and inference need not take the argument.
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
}  // namespace cairn::keras
