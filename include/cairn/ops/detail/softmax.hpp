// softmax along the last axis: exp of each element, divided by the sum of exp over its row.
#pragma once

#include "operand.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace CAIRN_NAMESPACE::ops::detail {

// The largest element of a row is subtracted first, so that exp does not overflow.
template <class T>
void softmax_values(const T* from, std::size_t size, std::size_t row, T* to) {
  for (std::size_t begin = 0; begin < size; begin += row, from += row, to += row) {
    const T largest = *std::max_element(from, from + row);
    T sum = 0;
    for (std::size_t i = 0; i < row; ++i) sum += to[i] = std::exp(from[i] - largest);
    for (std::size_t i = 0; i < row; ++i) to[i] /= sum;
  }
}
// The edge's function: kept is the result; sizes[0] is the length of a row.
template <class T>
void add_softmax(const Edge& edge, const void* upstream, void* sum) {
  const T* const value = edge.kept[0].as<T>();
  const T* const from = static_cast<const T*>(upstream);
  const std::size_t row = edge.sizes[0];
  for (std::size_t begin = 0; begin < edge.size; begin += row) {
    T mean = 0;  // of upstream, weighted by the softmax
    for (std::size_t i = begin; i < begin + row; ++i) mean += from[i] * value[i];
    for (std::size_t i = begin; i < begin + row; ++i) static_cast<T*>(sum)[i] += value[i] * (from[i] - mean);
  }
}
template <class T>
void softmax_into(const Input<T>& x, tensor::detail::TensorParts& result, T* y) {
  const std::size_t row = x.extents.back();
  softmax_values(x.data, x.size, row, y);
  if (!is_recording()) return;
  Edge to_x = edge(x, &add_softmax<T>);
  to_x.kept[0] = result.elements();
  to_x.sizes[0] = row;
  record(result, {&to_x});
}

template <class X>
[[nodiscard]] tensor_of<X> softmax(const X& x) {
  tensor_of<X> y(x.shape());
  softmax_into(Input(x), y, y.data());
  return y;
}

}  // namespace CAIRN_NAMESPACE::ops::detail
