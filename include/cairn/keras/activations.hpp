// Activations as values: what Dense takes as its last template argument.
//
//   keras::Dense<784, 10, keras::relu>
//
// Any value that can be a template argument and called with a tensor will do as well.
#pragma once

#include "../ops/nn.hpp"

#include <string_view>

namespace cairn::keras {

// `name` is what Keras' get_config() calls it.
struct Linear {
  static constexpr std::string_view name = "linear";
  template <class T, std::size_t... Extents>
  [[nodiscard]] Tensor<T, Extents...> operator()(const Tensor<T, Extents...>& x) const {
    return x;
  }
};
struct Relu {
  static constexpr std::string_view name = "relu";
  [[nodiscard]] auto operator()(const cairn::detail::Operand auto& x) const { return nn::relu(x); }
};
struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";
  [[nodiscard]] auto operator()(const cairn::detail::Operand auto& x) const { return nn::sigmoid(x); }
};
struct Tanh {
  static constexpr std::string_view name = "tanh";
  [[nodiscard]] auto operator()(const cairn::detail::Operand auto& x) const { return nn::tanh(x); }
};
// Along the last axis.
struct Softmax {
  static constexpr std::string_view name = "softmax";
  [[nodiscard]] auto operator()(const cairn::detail::Operand auto& x) const { return nn::softmax(x); }
};

inline constexpr Linear linear{};
inline constexpr Relu relu{};
inline constexpr Sigmoid sigmoid{};
inline constexpr Tanh tanh{};
inline constexpr Softmax softmax{};

}  // namespace cairn::keras
