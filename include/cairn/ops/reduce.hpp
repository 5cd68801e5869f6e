// reduce_sum and reduce_mean: all elements to one.
#pragma once

#include "operand.hpp"

#include <concepts>
#include <type_traits>

namespace cairn {

namespace detail {

// float is summed in double: the result does not depend on the order that a compiler chooses.
template <class T, std::size_t... Extents>
[[nodiscard]] Tensor<T> reduce(const Input<T, Extents...>& x, std::size_t divisor) {
  using Wide = std::conditional_t<std::floating_point<T>, double, T>;
  Wide sum = 0;
  for (const T value : x.span()) sum = static_cast<Wide>(sum + static_cast<Wide>(value));
  if constexpr (std::floating_point<T>) {
    Tensor<T> result(static_cast<T>(sum / static_cast<double>(divisor)));
    if (is_recording())
      record(result, edge(x, [divisor](std::span<const T> upstream, std::span<T> into) {
               const T share = upstream[0] / static_cast<T>(divisor);
               for (T& value : into) value += share;
             }));
    return result;
  } else {
    return Tensor<T>(sum);
  }
}

}  // namespace detail

template <detail::Operand X>
  requires detail::Computable<typename X::value_type>
[[nodiscard]] Tensor<typename X::value_type> reduce_sum(const X& x) {
  return detail::reduce(detail::Input(x), 1);
}

// Not a number when there are no elements, as in TensorFlow.
template <detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] Tensor<typename X::value_type> reduce_mean(const X& x) {
  return detail::reduce(detail::Input(x), x.size());
}

}  // namespace cairn
