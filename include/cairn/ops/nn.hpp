// The functions of neural networks: relu, sigmoid, tanh, softmax; TensorFlow's tf.nn.
#pragma once

#include "operand.hpp"

#include <algorithm>
#include <cmath>

namespace cairn {

namespace nn {

// The gradient at 0 is 0, as TensorFlow's.
template <detail::Operand X>
requires detail::Computable<typename X::value_type>
[[nodiscard]] auto relu(const X& x) {
  using T = typename X::value_type;
  return detail::map(
      detail::Input(x), [](T value) { return std::max(value, T{0}); },
      [](T value, T) { return value > T{0} ? T{1} : T{0}; });
}

template <detail::Operand X>
requires std::floating_point<typename X::value_type>
[[nodiscard]] auto sigmoid(const X& x) {
  using T = typename X::value_type;
  // exp of a negative number only: nothing overflows.
  const auto value = [](T z) {
    const T power = std::exp(-std::abs(z));
    return (z < T{0} ? power : T{1}) / (T{1} + power);
  };
  return detail::map(detail::Input(x), value, [](T, T y) { return y * (T{1} - y); });
}

template <detail::Operand X>
requires std::floating_point<typename X::value_type>
[[nodiscard]] auto tanh(const X& x) {
  using T = typename X::value_type;
  return detail::map(
      detail::Input(x), [](T value) { return std::tanh(value); }, [](T, T y) { return T{1} - y * y; });
}

}  // namespace nn

namespace detail {

template <class T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> softmax(const Input<T, Extents...>& x) {
  constexpr std::size_t rank = sizeof...(Extents);
  Tensor<T, Extents...> y(x.shape());
  const std::size_t row = x.extent(rank - 1);
  const T* from = x.data();
  T* to = y.data();
  for (std::size_t begin = 0; begin < x.size(); begin += row, from += row, to += row) {
    const T largest = *std::max_element(from, from + row);
    T sum = 0;
    for (std::size_t i = 0; i < row; ++i) sum += to[i] = std::exp(from[i] - largest);
    for (std::size_t i = 0; i < row; ++i) to[i] /= sum;
  }
  if (is_recording())
    record(y, edge(x, [y, row](std::span<const T> upstream, std::span<T> sum) {
             const auto value = y.span();
             for (std::size_t begin = 0; begin < sum.size(); begin += row) {
               T mean = 0;  // of upstream, weighted by the softmax
               for (std::size_t i = begin; i < begin + row; ++i) mean += upstream[i] * value[i];
               for (std::size_t i = begin; i < begin + row; ++i) sum[i] += value[i] * (upstream[i] - mean);
             }
           }));
  return y;
}

}  // namespace detail

namespace nn {

// Along the last axis.
template <detail::Operand X>
requires(std::floating_point<typename X::value_type>&& X::rank > 0) [[nodiscard]] auto softmax(const X& x) {
  return detail::softmax(detail::Input(x));
}

}  // namespace nn

using nn::relu;
using nn::sigmoid;
using nn::softmax;
using nn::tanh;

}  // namespace cairn
