// glorot_uniform, orthogonal, random_uniform: the first values of a layer's weights, as in Keras.
//
//   glorot_uniform      kernels
//   orthogonal          recurrent kernels
//   random_uniform      embeddings
//   zeros, ones         biases and beta; gamma (ops/creation.hpp)
//
// The numbers are drawn from cairn::random: call random::set_seed before a model is made to get the same ones again.
#pragma once

#include "../ops/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

// Makes the rows of the matrix orthogonal and of length 1 (Gram-Schmidt). Each row is treated twice, because rounding
// leaves an error after the first time. The result is that of a QR decomposition whose R has a positive diagonal, as in
// Keras.
template <class T>
void make_rows_orthonormal(std::vector<double>& matrix, std::size_t rows, std::size_t columns, T* out,
                           bool transposed) {
  for (std::size_t i = 0; i < rows; ++i) {
    double* const row = matrix.data() + i * columns;
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t before = 0; before < i; ++before) {
        const double* const other = matrix.data() + before * columns;
        double product = 0;
        for (std::size_t j = 0; j < columns; ++j) product += row[j] * other[j];
        for (std::size_t j = 0; j < columns; ++j) row[j] -= product * other[j];
      }
    double square = 0;
    for (std::size_t j = 0; j < columns; ++j) square += row[j] * row[j];
    const double length = std::sqrt(square);
    for (std::size_t j = 0; j < columns; ++j) row[j] /= length;
  }
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      out[transposed ? j * rows + i : i * columns + j] = static_cast<T>(matrix[i * columns + j]);
}

}  // namespace detail

// Returns Keras' GlorotUniform: uniform numbers in [-limit, limit), with limit = sqrt(6 / (fan_in + fan_out)). The last
// two axes are inputs and outputs; the axes before them, a convolution's window, count for both. All extents are
// static.
template <class T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> glorot_uniform() {
  constexpr auto extents = tensor::detail::Extent<Extents...>::values;
  static_assert(extents.size() >= 2, "cairn: glorot_uniform is for kernels: inputs and outputs are its last two axes.");
  constexpr std::size_t in = extents[extents.size() - 2];
  constexpr std::size_t out = extents[extents.size() - 1];
  constexpr std::size_t window = in * out == 0 ? 0 : tensor::detail::Extent<Extents...>::initial_count / (in * out);
  const T limit = static_cast<T>(std::sqrt(6.0 / static_cast<double>(window * (in + out))));
  return random::uniform<T, Extents...>(-limit, limit);
}

// Returns Keras' OrthogonalInitializer: the rows (or the columns, where they are fewer) are at right angles and of
// length 1.
template <class T, std::size_t Rows, std::size_t Columns>
[[nodiscard]] Tensor<T, Rows, Columns> orthogonal() {
  constexpr std::size_t few = std::min(Rows, Columns);
  constexpr std::size_t many = std::max(Rows, Columns);
  const auto drawn = random::normal<double, dynamic>(Shape{static_cast<std::int64_t>(few * many)});
  std::vector<double> matrix(drawn.span().begin(), drawn.span().end());
  Tensor<T, Rows, Columns> result;
  detail::make_rows_orthonormal(matrix, few, many, result.data(), Rows > Columns);
  return result;
}

// Returns Keras' RandomUniform with its defaults: uniform numbers in [-0.05, 0.05). All extents are static.
template <class T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> random_uniform() {
  return random::uniform<T, Extents...>(static_cast<T>(-0.05), static_cast<T>(0.05));
}

}  // namespace CAIRN_NAMESPACE::keras
