// softmax along the last axis: exp of each element, divided by the sum of exp over its row.
#pragma once

#include "operand.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

namespace cairn::ops::detail {

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
template <class T>
[[nodiscard]] Edge softmax_edge(Source source, std::size_t row, Tensor<T, dynamic> y) {
  const std::size_t size = y.size();
  return edge<T>(source, size, [y = std::move(y), row](std::span<const T> upstream, std::span<T> sum) {
    const T* const value = y.data();
    for (std::size_t begin = 0; begin < sum.size(); begin += row) {
      T mean = 0;  // of upstream, weighted by the softmax
      for (std::size_t i = begin; i < begin + row; ++i) mean += upstream[i] * value[i];
      for (std::size_t i = begin; i < begin + row; ++i) sum[i] += value[i] * (upstream[i] - mean);
    }
  });
}

template <class T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> softmax(const Input<T, Extents...>& x) {
  Tensor<T, Extents...> y(x.shape());
  const std::size_t row = x.extent(sizeof...(Extents) - 1);
  softmax_values(x.data(), x.size(), row, y.data());
  if (is_recording()) record(y, softmax_edge(x.source(), row, Input(y).keep_flat()));
  return y;
}

}  // namespace cairn::ops::detail
