// nn::dropout: sets elements to zero at random, and multiplies the others so that the sum stays what it is on average.
#pragma once

#include "nn.hpp"
#include "random.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace cairn {

namespace ops::detail {

// Replaces each number, which is drawn from [0, 1), by the factor of an element: 0, or 1 / (1 - rate).
template <class T>
void dropout_factors(T* numbers, std::size_t size, double rate) {
  const T kept = static_cast<T>(1 / (1 - rate));
  for (std::size_t i = 0; i < size; ++i) numbers[i] = static_cast<double>(numbers[i]) < rate ? T{0} : kept;
}
template <class T>
[[nodiscard]] Edge dropout_edge(Source source, Tensor<T, dynamic> factors) {
  const std::size_t size = factors.size();
  return edge<T>(source, size, [factors = std::move(factors)](std::span<const T> upstream, std::span<T> sum) {
    const T* const factor = factors.data();
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += upstream[i] * factor[i];
  });
}

}  // namespace ops::detail

namespace nn {

// A Tensor of x's shape and dtype. Each element is 0 with the probability `rate`, and else the element of x divided by
// (1 - rate). `rate` must be in [0, 1); it is not checked. The numbers are drawn from cairn::random: random::set_seed
// makes them repeatable.
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto dropout(const X& x, double rate) {
  using T = typename X::value_type;
  const ops::detail::Input from(x);
  auto y = from.keep();
  y.set_tape_id(0);
  auto factors = random::uniform<T, dynamic>(Shape{static_cast<std::int64_t>(x.size())});
  ops::detail::dropout_factors(factors.data(), factors.size(), rate);
  T* const to = y.data();
  for (std::size_t i = 0; i < factors.size(); ++i) to[i] *= std::as_const(factors).data()[i];
  if (ops::detail::is_recording())
    ops::detail::record(y, ops::detail::dropout_edge<T>(from.source(), std::move(factors)));
  return y;
}

}  // namespace nn
}  // namespace cairn
