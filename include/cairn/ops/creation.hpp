// zeros, ones, fill, zeros_like, ones_like: new tensors.
//
//   cairn::zeros<float, 10>()    cairn::fill<float, 2, 2>(0.5f)    cairn::zeros_like(model.biases)
#pragma once

#include "detail/operand.hpp"

#include <algorithm>

namespace CAIRN_NAMESPACE {

// Returns a tensor of this shape whose elements are all `value`. The compiler refuses a dynamic extent.
template <Element T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> fill(const T& value) {
  static_assert(tensor::detail::Extent<Extents...>::is_static,
                "cairn: a tensor with a dynamic extent needs a shape: write Tensor<T, Extents...>(Shape{...}).");
  Tensor<T, Extents...> result;
  std::fill_n(result.data(), result.size(), value);
  return result;
}
// Returns a tensor of this shape whose elements are all T{}: zero, false or the empty string. The compiler refuses a
// dynamic extent.
template <Element T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> zeros() {
  return fill<T, Extents...>(T{});
}
// Returns a tensor of this shape whose elements are all 1 (or true). The compiler refuses a dynamic extent, and
// strings.
template <NumericElement T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> ones() {
  return fill<T, Extents...>(static_cast<T>(1));
}

// Returns a Tensor of x's shape and dtype, dynamic extents included, whose elements are all zero, false or the empty
// string.
template <ops::detail::Operand X>
[[nodiscard]] auto zeros_like(const X& x) {
  return ops::detail::tensor_of<X>(x.shape());
}
// Returns a Tensor of x's shape and dtype, dynamic extents included, whose elements are all 1 (or true).
template <ops::detail::Operand X>
  requires NumericElement<typename X::value_type>
[[nodiscard]] auto ones_like(const X& x) {
  auto result = zeros_like(x);
  std::fill_n(result.data(), result.size(), static_cast<typename X::value_type>(1));
  return result;
}

}  // namespace CAIRN_NAMESPACE
