#include "cairn/keras/dropout.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/creation.hpp"
#include "cairn/ops/reduce.hpp"

#include <cstddef>

namespace keras = cairn::keras;

TEST_CASE("Dropout does nothing in inference") {
  const keras::Dropout<0.5> layer;
  const auto x = cairn::ones<float, 4, 5>();
  const auto y = layer(x);
  CHECK(y.data() == x.data());
}

TEST_CASE("Dropout drops its share in training, and makes the others larger") {
  cairn::random::set_seed(7);
  const keras::Dropout<0.25> layer;
  const auto y = layer(cairn::ones<float, 100, 100>(), keras::training);
  std::size_t dropped = 0;
  for (const float value : y.span()) {
    dropped += value == 0;
    CHECK_MESSAGE((value == 0.0f || value == 4.0f / 3), value);
    if (value != 0.0f && value != 4.0f / 3) break;
  }
  CHECK(dropped > 2300);
  CHECK(dropped < 2700);
}

TEST_CASE("Dropout drops others each time, and the same again from the same seed") {
  const keras::Dropout<0.5> layer;
  const auto x = cairn::ones<float, 8, 8>();
  const auto differ = [](const auto& a, const auto& b) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) count += a.data()[i] != b.data()[i];
    return count;
  };
  cairn::random::set_seed(3);
  const auto first = layer(x, keras::training);
  const auto second = layer(x, keras::training);
  cairn::random::set_seed(3);
  const auto again = layer(x, keras::training);
  CHECK(differ(first, second) > 0);
  CHECK(differ(first, again) == 0);
}

TEST_CASE("gradients go where Dropout let the values through") {
  cairn::Variable<float, 64> x{cairn::ones<float, 64>()};
  cairn::GradientTape tape;
  const auto y = keras::Dropout<0.5>{}(x, keras::training);
  const auto gradient = tape.gradient(cairn::reduce_sum(y), x);
  for (std::size_t i = 0; i < 64; ++i) CHECK(gradient[i] == y[i]);
}

TEST_CASE("Dropout of nothing lets everything through") {
  const auto y = keras::Dropout<0.0>{}(cairn::ones<float, 16>(), keras::training);
  for (const float value : y.span()) CHECK(value == 1.0f);
}
