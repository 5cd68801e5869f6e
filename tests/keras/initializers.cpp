#include "cairn/keras/initializers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace keras = cairn::keras;

namespace {

float largest(std::span<const float> values) {
  float result = 0;
  for (const float value : values) result = std::max(result, std::abs(value));
  return result;
}

// The largest difference of rows · rowsᵀ from the identity.
template <std::size_t Rows, std::size_t Columns>
double distance_from_orthonormal(const cairn::Tensor<float, Rows, Columns>& matrix, bool by_rows) {
  double worst = 0;
  const std::size_t count = by_rows ? Rows : Columns;
  const std::size_t length = by_rows ? Columns : Rows;
  for (std::size_t a = 0; a < count; ++a)
    for (std::size_t b = 0; b < count; ++b) {
      double product = 0;
      for (std::size_t k = 0; k < length; ++k)
        product += static_cast<double>(by_rows ? matrix(a, k) : matrix(k, a)) *
                   static_cast<double>(by_rows ? matrix(b, k) : matrix(k, b));
      worst = std::max(worst, std::abs(product - (a == b ? 1 : 0)));
    }
  return worst;
}

}  // namespace

TEST_CASE("glorot_uniform counts a window for inputs and outputs") {
  const auto kernel = keras::glorot_uniform<float, 3, 5, 20, 30>();
  const float limit = std::sqrt(6.0f / (15 * 20 + 15 * 30));
  CHECK(largest(kernel.span()) <= limit);
  CHECK(largest(kernel.span()) > 0.99f * limit);
}

TEST_CASE("orthogonal makes rows or columns orthonormal, whichever are fewer") {
  CHECK(distance_from_orthonormal(keras::orthogonal<float, 5, 20>(), true) < 1e-6);
  CHECK(distance_from_orthonormal(keras::orthogonal<float, 20, 5>(), false) < 1e-6);
  CHECK(distance_from_orthonormal(keras::orthogonal<float, 8, 8>(), true) < 1e-6);
}

TEST_CASE("random_uniform has Keras' limits") {
  const auto values = keras::random_uniform<float, 1000, 4>();
  CHECK(largest(values.span()) <= 0.05f);
  CHECK(largest(values.span()) > 0.0495f);
}
