// nn::dropout: sets elements to zero at random, and multiplies the others so that the sum stays the same on average.
#pragma once

#include "nn.hpp"
#include "random.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

// Kept are the factors.
template <class T>
void add_kept(const Edge& edge, const void* upstream, void* sum) {
  const T* const factor = edge.kept[0].as<const T>();
  for (std::size_t i = 0; i < edge.size; ++i) static_cast<T*>(sum)[i] += static_cast<const T*>(upstream)[i] * factor[i];
}
// The factor of an element, 0 or 1 / (1 - rate), is drawn.
template <class T>
void drop_into(const Input<T>& x, double rate, tensor::detail::TensorParts& result, T* y) {
  const Elements factors(dtype_of<T>, x.size);
  T* const factor = factors.as<T>();
  draw_uniform(factor, x.size, T{0}, T{1});
  const T kept = static_cast<T>(1 / (1 - rate));
  for (std::size_t i = 0; i < x.size; ++i) {
    factor[i] = static_cast<double>(factor[i]) < rate ? T{0} : kept;
    y[i] = x.data[i] * factor[i];
  }
  if (!is_recording()) return;
  Edge to_x = edge(x, &add_kept<T>);
  to_x.kept[0] = factors;
  record(result, {&to_x});
}

}  // namespace ops::detail

namespace nn {

// Returns a Tensor of x's shape and dtype. Each element is 0 with the probability `rate`; otherwise it is the element
// of x divided by (1 - rate). `rate` must be in [0, 1); it is not checked. The numbers are drawn from cairn::random:
// random::set_seed makes them repeatable.
template <ops::detail::FloatingOperand X>
[[nodiscard]] auto dropout(const X& x, double rate) {
  ops::detail::tensor_of<X> y(x.shape());
  ops::detail::drop_into(ops::detail::Input(x), rate, y, y.data());
  return y;
}

}  // namespace nn
}  // namespace CAIRN_NAMESPACE
