// The largest and the mean element under a window that moves over images, channels last.
#pragma once

#include "../../core/detail/vec.hpp"
#include "conv2d.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

namespace cairn::ops::detail {

// Where in its image the largest element of each position and channel lies: the first of equal ones, as TensorFlow's
// gradient has it.
template <class T>
[[nodiscard]] core::detail::Vec<std::size_t> max_pool_places(const WindowOnImages& window, const T* x) {
  const std::size_t channels = window.channels;
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  core::detail::Vec<std::size_t> places(window.images * window.positions() * channels, none);
  std::size_t* place = places.data();
  for (std::size_t image = 0; image < window.images; ++image, x += window.input_size())
    for (std::size_t position = 0; position < window.positions(); ++position, place += channels)
      for_each_run(window, position, [&](std::size_t at, std::size_t) {
        for (std::size_t c = 0; c < channels; ++c)
          if (place[c] == none || x[at + c] > x[place[c]]) place[c] = at + c;
      });
  return places;
}

template <class T>
void pick_places(const WindowOnImages& window, const core::detail::Vec<std::size_t>& places, const T* x, T* y) {
  const std::size_t outputs = window.positions() * window.channels;  // per image
  for (std::size_t i = 0; i < places.size(); ++i) y[i] = x[i / outputs * window.input_size() + places[i]];
}

template <class T>
[[nodiscard]] Edge max_pool_edge(const WindowOnImages& window, core::detail::Vec<std::size_t> places, Source source,
                                 std::size_t size) {
  return edge<T>(source, size, [window, places = std::move(places)](std::span<const T> upstream, std::span<T> sum) {
    const std::size_t outputs = window.positions() * window.channels;
    for (std::size_t i = 0; i < places.size(); ++i) sum[i / outputs * window.input_size() + places[i]] += upstream[i];
  });
}

// visit(first element of the output position, first element of the input, divisor) for each run of channels. What lies
// outside of the image does not count.
template <class Visit>
void for_each_share(const WindowOnImages& window, Visit visit) {
  for (std::size_t image = 0; image < window.images; ++image)
    for (std::size_t position = 0; position < window.positions(); ++position) {
      const std::size_t row = position / window.columns.output;
      const std::size_t column = position % window.columns.output;
      const std::size_t count =
          (window.rows.end(row) - window.rows.begin(row)) * (window.columns.end(column) - window.columns.begin(column));
      for_each_run(window, position, [&](std::size_t at, std::size_t) {
        visit((image * window.positions() + position) * window.channels, image * window.input_size() + at, count);
      });
    }
}

// y begins as zero.
template <class T>
void add_average_pool(const WindowOnImages& window, const T* x, T* y) {
  for_each_share(window, [&](std::size_t out, std::size_t in, std::size_t) {
    for (std::size_t c = 0; c < window.channels; ++c) y[out + c] += x[in + c];
  });
  // Divided once, at the first element under the window.
  std::size_t last = std::numeric_limits<std::size_t>::max();
  for_each_share(window, [&](std::size_t out, std::size_t, std::size_t count) {
    if (out == last) return;
    last = out;
    for (std::size_t c = 0; c < window.channels; ++c) y[out + c] /= static_cast<T>(count);
  });
}

template <class T>
[[nodiscard]] Edge average_pool_edge(const WindowOnImages& window, Source source, std::size_t size) {
  return edge<T>(source, size, [window](std::span<const T> upstream, std::span<T> sum) {
    for_each_share(window, [&](std::size_t out, std::size_t in, std::size_t count) {
      for (std::size_t c = 0; c < window.channels; ++c) sum[in + c] += upstream[out + c] / static_cast<T>(count);
    });
  });
}

}  // namespace cairn::ops::detail
