// Convolution of images as Keras' Conv2D computes it: channels last, the kernel [height, width, channels, filters].
//
//   the patch under each position of the window becomes a row:   [positions, height * width * channels]
//   times the kernel as a matrix                                 [height * width * channels, filters]
//   is the output                                                [positions, filters]
//
// Patches are gathered for some positions at a time, so that they stay in the cache.
#pragma once

#include "../../core/detail/vec.hpp"
#include "matrix_product.hpp"
#include "window.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace cairn::ops::detail {

inline constexpr std::size_t patches_at_a_time = 64;

struct Convolution {
  WindowOnImages window;
  std::size_t filters;

  [[nodiscard]] std::size_t patch() const noexcept {
    return window.rows.kernel * window.columns.kernel * window.channels;
  }
};

// visit(offset in the image, offset in the patch) for each run of `channels` elements of a position that lies inside.
template <class Visit>
void for_each_run(const WindowOnImages& window, std::size_t position, Visit visit) {
  const std::size_t row = position / window.columns.output;
  const std::size_t column = position % window.columns.output;
  const std::size_t left = window.columns.begin(column);
  const std::size_t right = window.columns.end(column);
  for (std::size_t i = window.rows.begin(row); i < window.rows.end(row); ++i)
    for (std::size_t j = left; j < right; ++j)
      visit((window.rows.at(row, i) * window.columns.input + window.columns.at(column, j)) * window.channels,
            (i * window.columns.kernel + j) * window.channels);
}

// The patches of positions [begin, end) of one image, row after row; zeros where they lie outside.
template <class T>
void gather_patches(const Convolution& sizes, const T* image, std::size_t begin, std::size_t end, T* patches) {
  const std::size_t channels = sizes.window.channels;
  std::fill_n(patches, (end - begin) * sizes.patch(), T{});
  for (; begin < end; ++begin, patches += sizes.patch())
    for_each_run(sizes.window, begin,
                 [&](std::size_t from, std::size_t to) { std::copy_n(image + from, channels, patches + to); });
}

// visit(image, first position, end of the positions) for the blocks of all images.
template <class Visit>
void for_each_block(const Convolution& sizes, Visit visit) {
  const std::size_t positions = sizes.window.positions();
  for (std::size_t image = 0; image < sizes.window.images; ++image)
    for (std::size_t begin = 0; begin < positions; begin += patches_at_a_time)
      visit(image, begin, std::min(begin + patches_at_a_time, positions));
}

// Adds to y, which begins as the bias or zero.
template <class T>
void add_conv2d(const Convolution& sizes, const T* x, const T* kernel, T* y) {
  core::detail::Vec<T> patches(patches_at_a_time * sizes.patch());
  for_each_block(sizes, [&](std::size_t image, std::size_t begin, std::size_t end) {
    gather_patches(sizes, x + image * sizes.window.input_size(), begin, end, patches.data());
    add_matmul(patches.data(), kernel, y + (image * sizes.window.positions() + begin) * sizes.filters, end - begin,
               sizes.patch(), sizes.filters);
  });
}

template <class T>
void add_conv2d_by_kernel(const Convolution& sizes, const T* x, const T* upstream, T* sum) {
  core::detail::Vec<T> patches(patches_at_a_time * sizes.patch());
  for_each_block(sizes, [&](std::size_t image, std::size_t begin, std::size_t end) {
    gather_patches(sizes, x + image * sizes.window.input_size(), begin, end, patches.data());
    const auto flipped =
        transposed(std::span<const T>(patches.data(), (end - begin) * sizes.patch()), end - begin, sizes.patch());
    add_matmul(flipped.data(), upstream + (image * sizes.window.positions() + begin) * sizes.filters, sum,
               sizes.patch(), end - begin, sizes.filters);
  });
}

template <class T>
void add_conv2d_by_input(const Convolution& sizes, std::span<const T> kernel, const T* upstream, T* sum) {
  const auto flipped = transposed(kernel, sizes.patch(), sizes.filters);
  core::detail::Vec<T> patches(patches_at_a_time * sizes.patch());
  for_each_block(sizes, [&](std::size_t image, std::size_t begin, std::size_t end) {
    std::fill(patches.begin(), patches.end(), T{});
    add_matmul(upstream + (image * sizes.window.positions() + begin) * sizes.filters, flipped.data(), patches.data(),
               end - begin, sizes.filters, sizes.patch());
    T* const into = sum + image * sizes.window.input_size();
    for (const T* patch = patches.data(); begin < end; ++begin, patch += sizes.patch())
      for_each_run(sizes.window, begin, [&](std::size_t to, std::size_t from) {
        for (std::size_t c = 0; c < sizes.window.channels; ++c) into[to + c] += patch[from + c];
      });
  });
}

template <class T>
[[nodiscard]] core::detail::Vec<Edge> conv2d_edges(const Convolution& sizes, Source from_x, Tensor<T, dynamic> x,
                                                   Source from_kernel, Tensor<T, dynamic> kernel) {
  core::detail::Vec<Edge> edges;
  edges.push_back(edge<T>(from_x, x.size(), [sizes, kernel](std::span<const T> upstream, std::span<T> sum) {
    add_conv2d_by_input(sizes, kernel.span(), upstream.data(), sum.data());
  }));
  edges.push_back(edge<T>(from_kernel, kernel.size(), [sizes, x](std::span<const T> upstream, std::span<T> sum) {
    add_conv2d_by_kernel(sizes, x.data(), upstream.data(), sum.data());
  }));
  return edges;
}

}  // namespace cairn::ops::detail
