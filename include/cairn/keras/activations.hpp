// linear, relu, ..., softmax: activations as values, which layers take among their template arguments. Activation: one
// of them as a layer of its own.
//
//   keras::Dense<784, 10, keras::relu>
//   keras::Activation<keras::relu>
//
//   linear relu leaky_relu elu selu gelu sigmoid silu (swish) softplus tanh softmax, each with Keras' defaults
//
// A layer also takes any other value that is a legal template argument and can be called with a tensor.
#pragma once

#include "../ops/nn.hpp"
#include "../ops/reshape.hpp"

#include <string_view>

namespace CAIRN_NAMESPACE::keras {

// Returns its input. Each class of this file calls the function of its name in ops/nn.hpp with a tensor of any shape,
// and gives a tensor of that shape.
struct Linear {
  static constexpr std::string_view name = "linear";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return ops::detail::as_tensor(x); }
};
// The larger one of x and 0.
struct Relu {
  static constexpr std::string_view name = "relu";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::relu(x); }
};
// x where it is above 0, and 0.2 x elsewhere.
struct LeakyRelu {
  static constexpr std::string_view name = "leaky_relu";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::leaky_relu(x); }
};
// x where it is above 0, and exp(x) - 1 elsewhere.
struct Elu {
  static constexpr std::string_view name = "elu";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::elu(x); }
};
// elu with the scales of self-normalizing networks.
struct Selu {
  static constexpr std::string_view name = "selu";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::selu(x); }
};
// x times the normal distribution at x, which is computed with the error function, and not with the approximation by tanh.
struct Gelu {
  static constexpr std::string_view name = "gelu";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::gelu(x); }
};
// 1 / (1 + exp(-x)).
struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::sigmoid(x); }
};
// x * sigmoid(x); Keras also calls it swish.
struct Silu {
  static constexpr std::string_view name = "silu";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::silu(x); }
};
// log(1 + exp(x)).
struct Softplus {
  static constexpr std::string_view name = "softplus";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::softplus(x); }
};
// The hyperbolic tangent.
struct Tanh {
  static constexpr std::string_view name = "tanh";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::tanh(x); }
};
// The share of each element in the sum of exp(x) along the last axis.
struct Softmax {
  static constexpr std::string_view name = "softmax";  // in Keras' get_config()
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::softmax(x); }
};

// Layers take these values as arguments: keras::Dense<784, 10, keras::relu>. swish is silu.
inline constexpr Linear linear{};
inline constexpr Relu relu{};
inline constexpr LeakyRelu leaky_relu{};
inline constexpr Elu elu{};
inline constexpr Selu selu{};
inline constexpr Gelu gelu{};
inline constexpr Sigmoid sigmoid{};
inline constexpr Silu silu{};
inline constexpr Silu swish{};
inline constexpr Softplus softplus{};
inline constexpr Tanh tanh{};
inline constexpr Softmax softmax{};

// A layer that calls `function`: one of the activations, or a function of the user's own. It has no state.
template <auto function>
struct Activation {
  // The output has the shape of the input.
  template <class Shape>
  using output_shape = Shape;

  // Returns function(x).
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return function(x); }
};

}  // namespace CAIRN_NAMESPACE::keras
