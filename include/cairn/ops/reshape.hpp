// reshape: a tensor's elements in another shape, in row-major order.
//
//   const auto rows = cairn::reshape<cairn::dynamic, 784>(images);   // [n, 28, 28] -> [n, 784]
#pragma once

#include "detail/operand.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

template <class T>
void add_all(const Edge& edge, const void* upstream, void* sum) {
  for (std::size_t i = 0; i < edge.size; ++i) static_cast<T*>(sum)[i] += static_cast<const T*>(upstream)[i];
}

// The elements of x as a Tensor of type Y and of this shape, recorded by the active tapes.
template <class Y, class T>
[[nodiscard]] Y reshaped(const Input<T>& x, const Shape& shape) {
  tensor::detail::require_same_count(x.extents, shape);
  Y y(x.keep(), shape);
  if constexpr (std::floating_point<T>) {
    Edge to_x = edge(x, &add_all<T>);
    if (is_recording()) record(y, {&to_x});
  }
  return y;
}

// Returns a Tensor as it is, and a Variable's value as a Tensor, whose gradient the active tapes lead to the Variable.
template <class T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> as_tensor(const Tensor<T, Extents...>& x) {
  return x;
}
template <class T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> as_tensor(const Variable<T, Extents...>& x) {
  return reshaped<Tensor<T, Extents...>>(Input(x), x.shape());
}

template <class X, class E>
struct ElementsFit {
  static_assert(!std::is_same_v<X, X>,
                "cairn: reshape keeps the elements, so the extents asked for must multiply to as many as this operand "
                "has, and at most one of them may be cairn::dynamic.");
};
template <class X, class E>
[[nodiscard]] constexpr bool elements_fit() noexcept {
  using From = typename X::extents_type;
  if (std::count(E::values.begin(), E::values.end(), dynamic) > 1) return false;
  if (!From::is_static) return true;
  if (E::is_static) return E::initial_count == From::initial_count;
  std::size_t known = 1;
  for (const std::size_t extent : E::values) known *= extent == dynamic ? 1 : extent;
  return known != 0 && From::initial_count % known == 0;
}

}  // namespace ops::detail

// Returns a Tensor of x's dtype and of the shape [Extents...]. It shares the elements with a Tensor x, and copies those
// of a Variable. One extent may be cairn::dynamic: it becomes the number of elements divided by the other extents, as
// -1 does in tf.reshape. The compiler refuses static extents whose product is not the number of elements. Throws Error
// with ErrorCode::invalid_argument when a dynamic extent of x makes the numbers of elements differ.
template <std::size_t... Extents, ops::detail::Operand X>
[[nodiscard]] auto reshape(const X& x) {
  using E = tensor::detail::Extent<Extents...>;
  using Y = Tensor<typename X::value_type, Extents...>;
  if constexpr (!ops::detail::elements_fit<X, E>()) {
    static_cast<void>(core::detail::refuse<ops::detail::ElementsFit<X, E>>());
    return Y();
  } else {
    std::size_t known = 1;
    ((known *= Extents == dynamic ? 1 : Extents), ...);
    const std::size_t left = known == 0 ? 0 : x.size() / known;
    return ops::detail::reshaped<Y>(ops::detail::Input(x),
                                    Shape{static_cast<std::int64_t>(Extents == dynamic ? left : Extents)...});
  }
}

}  // namespace CAIRN_NAMESPACE
