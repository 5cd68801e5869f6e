// linear, relu, ..., softmax: activations as values, which layers take among their template arguments. Activation: one of
// them as a layer of its own.
//
//   keras::Dense<784, 10, keras::relu>
//   keras::Activation<keras::relu>
//
//   linear relu leaky_relu elu selu gelu sigmoid silu (swish) softplus tanh softmax, each with Keras' defaults
//
// A layer takes any other value as well that can be a template argument and can be called with a tensor.
#pragma once

#include "../ops/nn.hpp"
#include "../ops/reshape.hpp"

#include <string_view>

namespace CAIRN_NAMESPACE::keras {

// Returns its input. `name`, here and in the classes below, is the activation's name in Keras' get_config(); the other
// classes call the function of their name in ops/nn.hpp.
struct Linear {
  static constexpr std::string_view name = "linear";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return ops::detail::as_tensor(x); }
};
// The larger one of x and 0.
struct Relu {
  static constexpr std::string_view name = "relu";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::relu(x); }
};
// x above 0, and 0.2 x below.
struct LeakyRelu {
  static constexpr std::string_view name = "leaky_relu";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::leaky_relu(x); }
};
// x above 0, and exp(x) - 1 below.
struct Elu {
  static constexpr std::string_view name = "elu";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::elu(x); }
};
// elu with the scales of self-normalizing networks.
struct Selu {
  static constexpr std::string_view name = "selu";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::selu(x); }
};
// x times the normal distribution at x, which is computed with the error function, and not with the approximation by tanh.
struct Gelu {
  static constexpr std::string_view name = "gelu";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::gelu(x); }
};
// 1 / (1 + exp(-x)).
struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::sigmoid(x); }
};
// x * sigmoid(x); Keras also calls it swish.
struct Silu {
  static constexpr std::string_view name = "silu";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::silu(x); }
};
// log(1 + exp(x)).
struct Softplus {
  static constexpr std::string_view name = "softplus";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::softplus(x); }
};
// The hyperbolic tangent.
struct Tanh {
  static constexpr std::string_view name = "tanh";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::tanh(x); }
};
// The softmax is taken along the last axis.
struct Softmax {
  static constexpr std::string_view name = "softmax";
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return nn::softmax(x); }
};

// These values are what layers take as arguments, such as keras::Dense<784, 10, keras::relu>. swish is silu.
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

// Calls `function`, one of the activations or a function of the user's own, with its input. The output has
// the input's shape. It has no state.
template <auto function>
struct Activation {
  template <class Shape>
  using output_shape = Shape;

  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const { return function(x); }
};

}  // namespace CAIRN_NAMESPACE::keras
