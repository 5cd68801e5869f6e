// How Keras fills a fresh weight. Drawn from cairn::random, so random::set_seed before the model makes it repeatable.
#pragma once

#include "../ops/random.hpp"

#include <cmath>
#include <cstddef>

namespace cairn::keras {

// Keras' GlorotUniform for a matrix: uniform in [-limit, limit), limit = sqrt(6 / (rows + columns)).
template <class T, std::size_t Rows, std::size_t Columns>
[[nodiscard]] Tensor<T, Rows, Columns> glorot_uniform() {
  const T limit = static_cast<T>(std::sqrt(6.0 / static_cast<double>(Rows + Columns)));
  return random::uniform<T, Rows, Columns>(-limit, limit);
}

}  // namespace cairn::keras
