// A layer against what Keras gave for the same numbers (make.py).
#pragma once

#include "cairn/ops.hpp"
#include "keras/layers/expected.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <vector>

namespace cairn::test {

// make.py's pattern().
inline void fill_pattern(std::span<float> elements, std::size_t shift) {
  for (std::size_t i = 0; i < elements.size(); ++i)
    elements[i] = static_cast<float>(static_cast<int>((i * 37 + shift) % 101) - 50) / 64;
}
template <class Layer>
void fill_variables(Layer& layer) {
  std::size_t index = 0;
  std::apply([&](auto&... variable) { (fill_pattern(variable.span(), 17 * index++ + 3), ...); },
             layer.trainable_variables().as_tuple());
}

// Relative to the largest of them: where numbers cancel, both sides have the rounding of what they came from.
inline void check_close(std::span<const float> found, std::span<const float> expected, double tolerance = 1e-6) {
  REQUIRE(found.size() == expected.size());
  double largest = 0;
  for (const float value : expected) largest = std::max(largest, std::abs(static_cast<double>(value)));
  double worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i])));
  CHECK(worst <= tolerance * largest);
}

// The gradient of the sum of y times a pattern: by x, and by the layer's Variables.
template <class Y, class... Variables>
[[nodiscard]] std::vector<float> gradients(GradientTape& tape, const Y& y, const std::tuple<Variables&...>& variables) {
  Y weights(y.shape());
  fill_pattern(weights.span(), 23);
  const auto found = tape.gradient(reduce_sum(y * weights), variables);
  std::vector<float> all;
  std::apply(
      [&](const auto&... gradient) { (all.insert(all.end(), gradient.span().begin(), gradient.span().end()), ...); },
      found);
  return all;
}

template <class Layer, class X, class... Mode>
void check_layer(Layer& layer, X& x, const std::vector<float>& values, const std::vector<float>& expected_gradients,
                 Mode... mode) {
  fill_pattern(x.span(), 11);
  GradientTape tape;
  const auto y = layer(x, mode...);
  check_close(y.span(), values);
  if constexpr (requires { layer.trainable_variables(); })
    check_close(std::apply([&](auto&... variable) { return gradients(tape, y, std::tie(x, variable...)); },
                           layer.trainable_variables().as_tuple()),
                expected_gradients, 3e-6);
  else
    check_close(gradients(tape, y, std::tie(x)), expected_gradients, 3e-6);
}

// A fresh layer on a fresh input of these extents, filled with the pattern.
template <class Layer, std::size_t... Extents>
void check_fresh(const std::vector<float>& values, const std::vector<float>& expected_gradients) {
  Layer layer;
  if constexpr (requires { layer.trainable_variables(); }) fill_variables(layer);
  Variable<float, Extents...> x;
  check_layer(layer, x, values, expected_gradients);
}

}  // namespace cairn::test
