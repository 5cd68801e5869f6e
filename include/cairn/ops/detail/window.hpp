// A window that moves over an axis: which positions it takes, for convolution and pooling; and images.
//
//   input  |. a b c d e .|   kernel 3, stride 2, padding "same": one place before, one behind, 3 positions
//           [---]
//               [---]
#pragma once

#include "operand.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE::ops::detail {

// The number of positions; 0 when the kernel is larger than an input that is not padded.
[[nodiscard]] constexpr std::size_t window_positions(std::size_t input, std::size_t kernel, std::size_t stride,
                                                     bool same) noexcept {
  if (same) return input / stride + (input % stride != 0);
  return input < kernel ? 0 : (input - kernel) / stride + 1;
}

// One axis. TensorFlow's padding "same": what is odd goes behind.
struct Window {
  std::size_t input;
  std::size_t kernel;
  std::size_t stride;
  std::size_t output;
  std::size_t before;

  Window(std::size_t input_, std::size_t kernel_, std::size_t stride_, bool same)
      : input(input_), kernel(kernel_), stride(stride_), output(window_positions(input_, kernel_, stride_, same)) {
    const std::size_t covered = output == 0 ? 0 : (output - 1) * stride + kernel;
    before = same && covered > input ? (covered - input) / 2 : 0;
  }

  // The part of the kernel that lies inside the input at a position: from `begin` to `end`.
  [[nodiscard]] std::size_t begin(std::size_t position) const noexcept {
    const std::size_t from = position * stride;
    return from < before ? before - from : 0;
  }
  [[nodiscard]] std::size_t end(std::size_t position) const noexcept {
    return std::min(kernel, input + before - position * stride);
  }
  // Where in the input the kernel's element `k` lies.
  [[nodiscard]] std::size_t at(std::size_t position, std::size_t k) const noexcept {
    return position * stride + k - before;
  }
};

// A window on images of the shape [images, height, width, channels].
struct WindowOnImages {
  std::size_t images;
  Window rows;
  Window columns;
  std::size_t channels;

  [[nodiscard]] std::size_t input_size() const noexcept { return rows.input * columns.input * channels; }  // per image
  [[nodiscard]] std::size_t positions() const noexcept { return rows.output * columns.output; }            // per image
};

// For an edge: a copy of what a window is. `Sizes` are numbers only.
template <class Sizes>
[[nodiscard]] Elements kept_sizes(const Sizes& sizes) {
  static_assert(sizeof(Sizes) % sizeof(std::uint64_t) == 0);
  return Elements::copy_of(DT_UINT64, sizeof(Sizes) / sizeof(std::uint64_t), &sizes);
}

// Throws Error with ErrorCode::invalid_argument when images are smaller than the window: extents known at run time
// only.
[[nodiscard]] inline WindowOnImages window_on(std::span<const std::size_t> x, std::size_t height, std::size_t width,
                                              std::size_t stride_height, std::size_t stride_width, bool same) {
  const WindowOnImages window{x[0], Window(x[1], height, stride_height, same), Window(x[2], width, stride_width, same),
                              x[3]};
  if (window.positions() == 0)
    throw Error(ErrorCode::invalid_argument, "a window of " + std::to_string(height) + " x " + std::to_string(width) +
                                                 " has no place on images of shape " +
                                                 tensor::detail::shape_of(x).to_string() +
                                                 "; take larger images, or padding \"same\"");
  return window;
}
[[nodiscard]] inline Shape shape_behind(const WindowOnImages& window, std::size_t channels) {
  return Shape{static_cast<std::int64_t>(window.images), static_cast<std::int64_t>(window.rows.output),
               static_cast<std::int64_t>(window.columns.output), static_cast<std::int64_t>(channels)};
}

}  // namespace CAIRN_NAMESPACE::ops::detail
