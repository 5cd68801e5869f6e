// relu, leaky_relu, elu, selu, gelu, sigmoid, silu, softplus, tanh, softmax: the activations of tf.nn.
//
//   const auto hidden = cairn::nn::relu(cairn::matmul(x, weights) + biases);
//
// relu, sigmoid, softmax and tanh are in namespace cairn, too.
#pragma once

#include "detail/activations.hpp"
#include "detail/operand.hpp"
#include "detail/softmax.hpp"

namespace CAIRN_NAMESPACE {

namespace nn {

// Each function returns a Tensor of x's shape and dtype. All but softmax compute each element from one element of x.
// The dtype is float32 or float64; relu takes integers, too.

// Returns max(x, 0).
template <ops::detail::Operand X>
  requires ops::detail::Computable<typename X::value_type>
[[nodiscard]] auto relu(const X& x) {
  return ops::detail::map<ops::detail::Relu>(x);
}

// Returns x, but 0.2 * x where x is negative: 0.2 is the default of tf.nn.leaky_relu.
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto leaky_relu(const X& x) {
  return ops::detail::map<ops::detail::LeakyRelu>(x);
}
// Returns x, but exp(x) - 1 where x is negative.
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto elu(const X& x) {
  return ops::detail::map<ops::detail::Elu>(x);
}
// Returns scale * x, but scale * alpha * (exp(x) - 1) where x is negative; scale is about 1.0507, alpha about 1.6733.
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto selu(const X& x) {
  return ops::detail::map<ops::detail::Selu>(x);
}
// Returns x times the share of a standard normal distribution that is below x. It is not the approximation by tanh.
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto gelu(const X& x) {
  return ops::detail::map<ops::detail::Gelu>(x);
}
// Returns 1 / (1 + exp(-x)).
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto sigmoid(const X& x) {
  return ops::detail::map<ops::detail::Sigmoid>(x);
}
// Returns x / (1 + exp(-x)).
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto silu(const X& x) {
  return ops::detail::map<ops::detail::Silu>(x);
}
// Returns log(1 + exp(x)).
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto softplus(const X& x) {
  return ops::detail::map<ops::detail::Softplus>(x);
}
// Returns the hyperbolic tangent of x.
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto tanh(const X& x) {
  return ops::detail::map<ops::detail::Tanh>(x);
}
// Returns exp(x), divided by the sum of exp(x) along the last axis. x has at least one axis.
template <ops::detail::FloatingOperand X>
  requires(X::rank > 0)
[[nodiscard]] auto softmax(const X& x) {
  return ops::detail::softmax(x);
}

}  // namespace nn

// The four that a program needs most are in namespace cairn, too.
using nn::relu;
using nn::sigmoid;
using nn::softmax;
using nn::tanh;

}  // namespace CAIRN_NAMESPACE
