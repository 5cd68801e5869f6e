// dense: x · kernel + bias along the last axis of x, in one step. It is the computation of a Dense layer.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../matmul.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace cairn::ops::detail {

// The kernel is [inner, columns]; x has `rows` times `inner` elements.
struct DenseSizes {
  std::size_t rows;
  std::size_t inner;
  std::size_t columns;
};

// Adds `added` to each row of y; does nothing where `added` is null.
template <class T>
void add_to_rows(const T* added, std::size_t columns, T* y, std::size_t size) {
  if (added == nullptr) return;
  for (T* const end = y + size; y != end; y += columns)
    for (std::size_t j = 0; j < columns; ++j) y[j] += added[j];
}

template <class T>
[[nodiscard]] core::detail::Vec<Edge> dense_edges(const DenseSizes& sizes, Source from_x, Tensor<T, dynamic> x,
                                                  Source from_kernel, Tensor<T, dynamic> kernel) {
  core::detail::Vec<Edge> edges;
  edges.push_back(edge<T>(from_x, x.size(), [sizes, kernel](std::span<const T> upstream, std::span<T> sum) {
    const auto flipped = transposed(kernel.span(), sizes.inner, sizes.columns);
    add_matmul(upstream.data(), flipped.data(), sum.data(), sizes.rows, sizes.columns, sizes.inner);
  }));
  edges.push_back(edge<T>(from_kernel, kernel.size(), [sizes, x](std::span<const T> upstream, std::span<T> sum) {
    const auto flipped = transposed(x.span(), sizes.rows, sizes.inner);
    add_matmul(flipped.data(), upstream.data(), sum.data(), sizes.inner, sizes.rows, sizes.columns);
  }));
  return edges;
}

// The edge to a bias, which is added to each row.
template <class T>
[[nodiscard]] Edge bias_edge(Source source, std::size_t columns) {
  return edge<T>(source, columns, [columns](std::span<const T> upstream, std::span<T> sum) {
    for (std::size_t begin = 0; begin < upstream.size(); begin += columns)
      for (std::size_t j = 0; j < columns; ++j) sum[j] += upstream[begin + j];
  });
}

// `bias` is a Variable, or anything else where there is none. Y is the result's tensor type: x's, with another last
// axis.
template <class Y, class X, class Kernel, class Bias>
[[nodiscard]] Y dense(const X& x, const Kernel& kernel, const Bias& bias) {
  using T = typename Y::value_type;
  const Input from(x);
  const DenseSizes sizes{from.size() / std::max<std::size_t>(kernel.extent(0), 1), kernel.extent(0), kernel.extent(1)};
  Shape shape;
  for (std::size_t axis = 0; axis + 1 < X::rank; ++axis) shape.push_back(static_cast<std::int64_t>(x.extent(axis)));
  shape.push_back(static_cast<std::int64_t>(sizes.columns));
  if (x.extent(X::rank - 1) != sizes.inner)
    throw Error(ErrorCode::invalid_argument, "an input of shape " + x.shape().to_string() +
                                                 " does not fit onto a kernel of shape " + kernel.shape().to_string() +
                                                 ": its last axis must be as long as the kernel's first")
        .expecting(std::to_string(sizes.inner), std::to_string(x.extent(X::rank - 1)));
  Y y(shape);
  const T* added = nullptr;
  if constexpr (is_variable<Bias>) added = bias.data();
  add_matmul(from.data(), kernel.data(), y.data(), sizes.rows, sizes.inner, sizes.columns);
  add_to_rows(added, sizes.columns, y.data(), y.size());
  if (is_recording()) {
    auto edges = dense_edges(sizes, from.source(), from.keep_flat(), source_of(kernel), Input(kernel).keep_flat());
    if constexpr (is_variable<Bias>) edges.push_back(bias_edge<T>(source_of(bias), sizes.columns));
    record(y, std::move(edges));
  }
  return y;
}

}  // namespace cairn::ops::detail
