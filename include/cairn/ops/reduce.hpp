// reduce_sum, reduce_mean: the sum and the mean of all elements of a tensor. There is no argument for an axis.
#pragma once

#include "detail/operand.hpp"

#include <concepts>
#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

// Each element has the same share of the result.
template <class T>
void add_shares(const Edge& edge, const void* upstream, void* sum) {
  const T share = *static_cast<const T*>(upstream) / static_cast<T>(edge.sizes[0]);
  for (std::size_t i = 0; i < edge.size; ++i) static_cast<T*>(sum)[i] += share;
}

// The sum of all elements, divided by `divisor`. Elements of type float are summed in double, so that the result does
// not depend on the order that a compiler chooses.
template <class T>
[[nodiscard]] Tensor<T> reduce(const Input<T>& x, std::size_t divisor) {
  using Wide = std::conditional_t<std::floating_point<T>, double, T>;
  Wide sum = 0;
  for (std::size_t i = 0; i < x.size; ++i) sum = static_cast<Wide>(sum + static_cast<Wide>(x.data[i]));
  if constexpr (std::floating_point<T>) {
    Tensor<T> result(static_cast<T>(sum / static_cast<double>(divisor)));
    if (is_recording()) {
      Edge to_x = edge(x, &add_shares<T>);
      to_x.sizes[0] = divisor;
      record(result, {&to_x});
    }
    return result;
  } else {
    return Tensor<T>(sum);
  }
}

}  // namespace ops::detail

// Returns the sum of all elements, as a scalar of x's dtype; 0 when there are no elements. The elements are integers
// other than bool, float or double. float is summed in double and then rounded; integers are summed in their own type.
template <ops::detail::Operand X>
  requires ops::detail::Computable<typename X::value_type>
[[nodiscard]] Tensor<typename X::value_type> reduce_sum(const X& x) {
  return ops::detail::reduce(ops::detail::Input(x), 1);
}

// Returns the mean of all elements, as a scalar of x's dtype; NaN when there are no elements, as in TensorFlow. The
// elements are float or double; they are summed in double.
template <ops::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] Tensor<typename X::value_type> reduce_mean(const X& x) {
  return ops::detail::reduce(ops::detail::Input(x), x.size());
}

}  // namespace CAIRN_NAMESPACE
