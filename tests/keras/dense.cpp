#include "cairn/keras/dense.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/math.hpp"
#include "cairn/tensor/print.hpp"
#include "support/text.hpp"

#include <cmath>
#include <type_traits>

namespace keras = cairn::keras;
using cairn::test::text;

namespace {

struct Squared {
  auto operator()(const auto& x) const { return cairn::square(x); }
};

}  // namespace

TEST_CASE("a dense layer is a matrix product, a bias and an activation") {
  keras::Dense<2, 3, keras::relu> layer;
  layer.kernel.assign({{1, 2, 3}, {4, 5, 6}});
  layer.bias.assign({-10, 0, 1});
  const cairn::Tensor<float, 2, 2> x{{1, 1}, {-1, 1}};
  CHECK(text(layer(x)) == "[[0 7 10]\n [0 3 4]]");
}

TEST_CASE("a dense layer without an activation is linear") {
  keras::Dense<1, 1> layer;
  layer.kernel.assign({{-2}});
  CHECK(layer(cairn::Tensor<float, 1, 1>{{3}})(0, 0) == -6.0f);
}

TEST_CASE("a dense layer begins as Keras' does: GlorotUniform kernel, zero bias") {
  const keras::Dense<300, 200> layer;
  const float limit = std::sqrt(6.0f / 500);
  double squares = 0;
  float largest = 0;
  for (const float value : layer.kernel.span()) {
    squares += static_cast<double>(value) * static_cast<double>(value);
    largest = std::max(largest, std::abs(value));
  }
  CHECK(largest <= limit);
  CHECK(largest > 0.99f * limit);
  CHECK(squares / 60000 == doctest::Approx(2.0 / 500).epsilon(0.02));
  for (const float value : layer.bias.span()) CHECK(value == 0.0f);
  CHECK(layer.kernel.name() == "kernel");
  CHECK(layer.bias.name() == "bias");
}

TEST_CASE("a dense layer takes batches of any size, known to the compiler or not") {
  const keras::Dense<4, 3> layer;
  static_assert(std::is_same_v<decltype(layer(cairn::Tensor<float, 7, 4>())), cairn::Tensor<float, 7, 3>>);
  const cairn::Tensor<float, cairn::dynamic, 4> batch(cairn::Shape{5, 4});
  CHECK(layer(batch).shape() == cairn::Shape{5, 3});
}

TEST_CASE("an activation may be anything that is called with a tensor") {
  keras::Dense<1, 1, Squared{}> layer;
  layer.kernel.assign({{3}});
  CHECK(layer(cairn::Tensor<float, 1, 1>{{2}})(0, 0) == 36.0f);
}

TEST_CASE("a dense layer lists its kernel and its bias") {
  keras::Dense<4, 3> layer;
  const auto variables = layer.trainable_variables();
  CHECK(variables.size() == 2);
  CHECK(&variables.get<0>() == &layer.kernel);
  CHECK(&variables.get<1>() == &layer.bias);
  const auto& [kernel, bias] = variables;
  CHECK(&kernel == &layer.kernel);
  CHECK(&bias == &layer.bias);
}
