// The largest and the mean element under a window that moves over images, channels last.
#pragma once

#include "conv2d.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace CAIRN_NAMESPACE::ops::detail {

// Where in its image the largest element of each position and channel lies: the first of equal ones, as TensorFlow's
// gradient has it.
template <class T>
[[nodiscard]] Elements max_pool_places(const WindowOnImages& window, const T* x) {
  const std::size_t channels = window.channels;
  constexpr std::uint64_t none = static_cast<std::uint64_t>(-1);
  Elements places(DT_UINT64, window.images * window.positions() * channels);
  std::uint64_t* place = places.as<std::uint64_t>();
  std::fill_n(place, places.size(), none);
  for (std::size_t image = 0; image < window.images; ++image, x += window.input_size())
    for (std::size_t position = 0; position < window.positions(); ++position, place += channels)
      for_each_run(window, position, [&](std::size_t at, std::size_t) {
        for (std::size_t c = 0; c < channels; ++c)
          if (place[c] == none || x[at + c] > x[place[c]]) place[c] = at + c;
      });
  return places;
}

// The edges' functions: kept are the window and, for a maximum, the places.
template <class T>
void add_max_pool(const Edge& edge, const void* upstream, void* sum) {
  const WindowOnImages& window = *edge.kept[0].as<const WindowOnImages>();
  const std::size_t outputs = window.positions() * window.channels;  // per image
  const std::uint64_t* const places = edge.kept[1].as<const std::uint64_t>();
  for (std::size_t i = 0; i < edge.result_size; ++i)
    static_cast<T*>(sum)[i / outputs * window.input_size() + places[i]] += static_cast<const T*>(upstream)[i];
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
void add_shares_of_pools(const Edge& edge, const void* upstream, void* sum) {
  const WindowOnImages& window = *edge.kept[0].as<const WindowOnImages>();
  for_each_share(window, [&](std::size_t out, std::size_t in, std::size_t count) {
    for (std::size_t c = 0; c < window.channels; ++c)
      static_cast<T*>(sum)[in + c] += static_cast<const T*>(upstream)[out + c] / static_cast<T>(count);
  });
}

// Both kinds of pooling write to y, which begins as zeros.
template <class T>
void max_pool_into(const WindowOnImages& window, const Input<T>& x, tensor::detail::TensorParts& result, T* y) {
  const Elements places = max_pool_places(window, x.data);
  const std::size_t outputs = window.positions() * window.channels;  // per image
  for (std::size_t i = 0; i < places.size(); ++i)
    y[i] = x.data[i / outputs * window.input_size() + places.as<const std::uint64_t>()[i]];
  if constexpr (std::floating_point<T>) {
    if (!is_recording()) return;
    Edge to_x = edge(x, &add_max_pool<T>);
    to_x.kept[0] = kept_sizes(window);
    to_x.kept[1] = places;
    record(result, {&to_x});
  }
}
template <class T>
void average_pool_into(const WindowOnImages& window, const Input<T>& x, tensor::detail::TensorParts& result, T* y) {
  add_average_pool(window, x.data, y);
  if constexpr (std::floating_point<T>) {
    if (!is_recording()) return;
    Edge to_x = edge(x, &add_shares_of_pools<T>);
    to_x.kept[0] = kept_sizes(window);
    record(result, {&to_x});
  }
}

}  // namespace CAIRN_NAMESPACE::ops::detail
