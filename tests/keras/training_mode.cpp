#include "cairn/keras/training_mode.hpp"

#include <doctest/doctest.h>

#include "cairn/keras.hpp"
#include "cairn/ops.hpp"

#include <cmath>
#include <cstddef>

namespace keras = cairn::keras;

namespace {

struct Net {
  keras::Dense<4, 8, keras::relu> hidden;
  keras::Dropout<0.5> dropout;
  keras::Dense<8, 2> output;
  auto operator()(const auto& x, auto... mode) { return output(dropout(hidden(x), mode...)); }
};

template <class X>
std::size_t zeros_in(const X& x) {
  std::size_t count = 0;
  for (const float value : x.span()) count += value == 0;
  return count;
}

}  // namespace

TEST_CASE("a sequential model hands training on to the layers that know it") {
  cairn::random::set_seed(5);
  keras::Sequential<keras::BatchNormalization<3>, keras::Activation<keras::linear>, keras::Dropout<0.5>> model;
  const auto x = cairn::random::normal<float, 40, 3>(10, 2);
  const auto by_averages = model(x);
  CHECK(zeros_in(by_averages) == 0);
  CHECK(by_averages(0, 0) > 1.0f);
  CHECK(model.layer<0>().moving_mean(0) == 0.0f);
  const auto by_batch = model(x, keras::training);
  CHECK(zeros_in(by_batch) > 30);
  CHECK(zeros_in(by_batch) < 90);
  CHECK(std::abs(model.layer<0>().moving_mean(0) - 0.1f) < 0.02f);
  CHECK(model.layer<0>().moving_variance(0) > 1.0f);
}

TEST_CASE("models inside of models are trained, too") {
  cairn::random::set_seed(5);
  keras::Sequential<keras::Sequential<keras::Dense<3, 64>, keras::Dropout<0.5>>, keras::Activation<keras::relu>> model;
  const auto x = cairn::random::normal<float, 1, 3>();
  CHECK(zeros_in(model(x, keras::training)) > zeros_in(model(x)));
}

TEST_CASE("a struct of layers is called in both ways") {
  cairn::random::set_seed(5);
  Net net;
  const auto x = cairn::random::normal<float, 6, 4>();
  const auto first = net(x);
  const auto again = net(x);
  const auto trained = net(x, keras::training);
  CHECK(first(0, 0) == again(0, 0));
  bool differs = false;
  for (std::size_t i = 0; i < first.size(); ++i) differs = differs || first.data()[i] != trained.data()[i];
  CHECK(differs);
}

TEST_CASE("a model with every layer that trains learns") {
  cairn::random::set_seed(5);
  keras::Sequential<keras::Input<6, 6, 1>, keras::Conv2D<1, 4, 3>, keras::BatchNormalization<4>,
                    keras::Activation<keras::relu>, keras::MaxPooling2D<2>, keras::Flatten,
                    keras::LayerNormalization<16>, keras::Dropout<0.1>, keras::Dense<16, 1, keras::sigmoid>>
      model;
  keras::Adam<decltype(model)> optimizer{.learning_rate = 0.02f};
  auto x = cairn::random::normal<float, 32, 6, 6, 1>();
  cairn::Tensor<float, 32, 1> y;  // whether the left half is brighter
  for (std::size_t i = 0; i < 32; ++i) {
    float left = 0;
    for (std::size_t row = 0; row < 6; ++row)
      for (std::size_t column = 0; column < 6; ++column)
        left += column < 3 ? x(i, row, column, 0) : -x(i, row, column, 0);
    y(i, 0) = left > 0 ? 1.0f : 0.0f;
  }
  const auto loss_of = [&](const auto& found) { return cairn::reduce_mean(cairn::square(found - y)); };
  for (int step = 0; step < 60; ++step) {
    cairn::GradientTape tape;
    const auto loss = loss_of(model(x, keras::training));
    optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
  }
  const float trained = loss_of(model(x, keras::training));
  CHECK(trained < 0.08f);
}
