// add_matmul: the product of two matrices as loops that compilers vectorise. matmul, dense and conv2d use it.
//
//   a [rows, inner]   b [inner, columns], 64 rows and 64 columns of it at a time, so that they stay in the first cache
//   out [rows, columns], one row of the strip at a time, in an array that the compiler knows all about
//
// The code is compiled once for each element type, and not for each shape.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../version.hpp"

#include <algorithm>
#include <cstddef>

namespace CAIRN_NAMESPACE::ops::detail {

inline constexpr std::size_t wide_strip = 64;    // columns: four cache lines of float
inline constexpr std::size_t narrow_strip = 16;  // what remains is padded to this
inline constexpr std::size_t strip_depth = 64;   // rows of b

// One row of the strip: `wide` columns of b, of which out has the first `width`.
template <std::size_t wide, class T>
void add_row(const T* a, const T* b0, std::size_t stride_b, T* out, std::size_t inner, std::size_t width) {
  T sums[wide] = {};
  std::copy_n(out, width, sums);
  std::size_t k = 0;
  for (; k + 4 <= inner; k += 4, b0 += 4 * stride_b) {
    const T* const b1 = b0 + stride_b;
    const T* const b2 = b1 + stride_b;
    const T* const b3 = b2 + stride_b;
    const T a0 = a[k];
    const T a1 = a[k + 1];
    const T a2 = a[k + 2];
    const T a3 = a[k + 3];
    for (std::size_t j = 0; j < wide; ++j)
      sums[j] = static_cast<T>((((sums[j] + a0 * b0[j]) + a1 * b1[j]) + a2 * b2[j]) + a3 * b3[j]);
  }
  for (; k < inner; ++k, b0 += stride_b) {
    const T a0 = a[k];
    for (std::size_t j = 0; j < wide; ++j) sums[j] = static_cast<T>(sums[j] + a0 * b0[j]);
  }
  std::copy_n(sums, width, out);
}

// Two rows at once: each element of b is read once for both.
template <std::size_t wide, class T>
void add_two_rows(const T* a, std::size_t stride_a, const T* b0, std::size_t stride_b, T* out, std::size_t stride_out,
                  std::size_t inner, std::size_t width) {
  T sums[wide] = {};
  T other[wide] = {};
  std::copy_n(out, width, sums);
  std::copy_n(out + stride_out, width, other);
  const T* const c = a + stride_a;
  std::size_t k = 0;
  for (; k + 4 <= inner; k += 4, b0 += 4 * stride_b) {
    const T* const b1 = b0 + stride_b;
    const T* const b2 = b1 + stride_b;
    const T* const b3 = b2 + stride_b;
    const T a0 = a[k], a1 = a[k + 1], a2 = a[k + 2], a3 = a[k + 3];
    const T c0 = c[k], c1 = c[k + 1], c2 = c[k + 2], c3 = c[k + 3];
    for (std::size_t j = 0; j < wide; ++j) {
      const T x0 = b0[j], x1 = b1[j], x2 = b2[j], x3 = b3[j];
      sums[j] = static_cast<T>((((sums[j] + a0 * x0) + a1 * x1) + a2 * x2) + a3 * x3);
      other[j] = static_cast<T>((((other[j] + c0 * x0) + c1 * x1) + c2 * x2) + c3 * x3);
    }
  }
  for (; k < inner; ++k, b0 += stride_b)
    for (std::size_t j = 0; j < wide; ++j) {
      sums[j] = static_cast<T>(sums[j] + a[k] * b0[j]);
      other[j] = static_cast<T>(other[j] + c[k] * b0[j]);
    }
  std::copy_n(sums, width, out);
  std::copy_n(other, width, out + stride_out);
}

// Adds a · b to `out` for one strip of columns.
template <std::size_t wide, class T>
void add_strip(const T* a, std::size_t stride_a, const T* b, std::size_t stride_b, T* out, std::size_t stride_out,
               std::size_t rows, std::size_t inner, std::size_t width) {
  for (; rows >= 2; rows -= 2, a += 2 * stride_a, out += 2 * stride_out)
    add_two_rows<wide>(a, stride_a, b, stride_b, out, stride_out, inner, width);
  if (rows == 1) add_row<wide>(a, b, stride_b, out, inner, width);
}

// Adds a · b to `out`: [rows, inner] · [inner, columns], row-major. Each element is summed in the order of `inner`,
// whatever the compiler and the blocks.
template <class T>
void add_matmul(const T* a, const T* b, T* out, std::size_t rows, std::size_t inner, std::size_t columns) {
  for (std::size_t top = 0; top < inner; top += strip_depth, a += strip_depth, b += strip_depth * columns) {
    const std::size_t depth = std::min(strip_depth, inner - top);
    std::size_t j = 0;
    for (; j + wide_strip <= columns; j += wide_strip)
      add_strip<wide_strip>(a, inner, b + j, columns, out + j, columns, rows, depth, wide_strip);
    for (; j + narrow_strip <= columns; j += narrow_strip)
      add_strip<narrow_strip>(a, inner, b + j, columns, out + j, columns, rows, depth, narrow_strip);
    if (j == columns) continue;
    T padded[strip_depth * narrow_strip] = {};
    for (std::size_t k = 0; k < depth; ++k)
      std::copy(b + k * columns + j, b + (k + 1) * columns, padded + k * narrow_strip);
    add_strip<narrow_strip>(a, inner, padded, narrow_strip, out + j, columns, rows, depth, columns - j);
  }
}

// By blocks, so that the lines of the cache that are read and those that are written are used as a whole.
template <class T>
[[nodiscard]] core::detail::Vec<T> transposed(const T* matrix, std::size_t rows, std::size_t columns) {
  constexpr std::size_t block = 16;
  core::detail::Vec<T> result(rows * columns);
  T* const to = result.data();
  for (std::size_t top = 0; top < rows; top += block)
    for (std::size_t left = 0; left < columns; left += block)
      for (std::size_t j = left; j < std::min(left + block, columns); ++j)
        for (std::size_t i = top; i < std::min(top + block, rows); ++i) to[j * rows + i] = matrix[i * columns + j];
  return result;
}

}  // namespace CAIRN_NAMESPACE::ops::detail
