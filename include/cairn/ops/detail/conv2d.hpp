// Convolution of images as Keras' Conv2D computes it: channels last, the kernel [height, width, channels, filters].
//
//   the patch under each position of the window becomes a row:   [positions, height * width * channels]
//   times the kernel as a matrix                                 [height * width * channels, filters]
//   is the output                                                [positions, filters]
//
// Patches are gathered for some positions at a time, so that they stay in the cache.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../matmul.hpp"
#include "window.hpp"

#include <algorithm>
#include <cstddef>

namespace CAIRN_NAMESPACE::ops::detail {

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

// The edges' functions: kept are the other operand, and the sizes.
template <class T>
void add_conv2d_by_kernel(const Edge& edge, const void* upstream, void* sum) {
  const Convolution& sizes = *edge.kept[1].as<const Convolution>();
  core::detail::Vec<T> patches(patches_at_a_time * sizes.patch());
  for_each_block(sizes, [&](std::size_t image, std::size_t begin, std::size_t end) {
    gather_patches(sizes, edge.kept[0].as<const T>() + image * sizes.window.input_size(), begin, end, patches.data());
    const core::detail::Vec<T> flipped = transposed<T>(patches.data(), end - begin, sizes.patch());
    add_matmul(flipped.data(),
               static_cast<const T*>(upstream) + (image * sizes.window.positions() + begin) * sizes.filters,
               static_cast<T*>(sum), sizes.patch(), end - begin, sizes.filters);
  });
}
template <class T>
void add_conv2d_by_input(const Edge& edge, const void* upstream, void* sum) {
  const Convolution& sizes = *edge.kept[1].as<const Convolution>();
  const core::detail::Vec<T> flipped = transposed(edge.kept[0].as<const T>(), sizes.patch(), sizes.filters);
  core::detail::Vec<T> patches(patches_at_a_time * sizes.patch());
  for_each_block(sizes, [&](std::size_t image, std::size_t begin, std::size_t end) {
    std::fill(patches.begin(), patches.end(), T{});
    add_matmul(static_cast<const T*>(upstream) + (image * sizes.window.positions() + begin) * sizes.filters,
               flipped.data(), patches.data(), end - begin, sizes.filters, sizes.patch());
    T* const into = static_cast<T*>(sum) + image * sizes.window.input_size();
    for (const T* patch = patches.data(); begin < end; ++begin, patch += sizes.patch())
      for_each_run(sizes.window, begin, [&](std::size_t to, std::size_t from) {
        for (std::size_t c = 0; c < sizes.window.channels; ++c) into[to + c] += patch[from + c];
      });
  });
}

// Adds the convolution to y, which begins as zeros, and the bias, which may be null, to each row.
template <class T>
void conv2d_into(const Convolution& sizes, const Input<T>& x, const Input<T>& kernel, const Input<T>* bias,
                 tensor::detail::TensorParts& result, T* y) {
  add_conv2d(sizes, x.data, kernel.data, y);
  if (bias != nullptr)
    add_to_rows(bias->data, sizes.filters, y, sizes.window.images * sizes.window.positions() * sizes.filters);
  if (!is_recording()) return;
  Edge to_x = edge(x, &add_conv2d_by_input<T>);
  Edge to_kernel = edge(kernel, &add_conv2d_by_kernel<T>);
  to_x.kept[0] = kernel.keep();
  to_kernel.kept[0] = x.keep();
  to_x.kept[1] = to_kernel.kept[1] = kept_sizes(sizes);
  Edge to_bias = edge_to_bias(bias);
  record(result, {&to_x, &to_kernel, &to_bias});
}

}  // namespace CAIRN_NAMESPACE::ops::detail
