#include "cairn/keras/sequential.hpp"

#include <doctest/doctest.h>

#include "cairn/keras.hpp"
#include "cairn/ops/arithmetic.hpp"

#include <type_traits>

namespace keras = cairn::keras;

namespace {

struct Twice {
  auto operator()(const auto& x) const { return x + x; }
};

}  // namespace

using Model = keras::Sequential<keras::Dense<4, 3, keras::relu>, keras::Dense<3, 2, keras::softmax>>;

TEST_CASE("a sequential model hands each layer's result to the next") {
  const Model model;
  const cairn::Tensor<float, 5, 4> x = cairn::random::normal<float, 5, 4>();
  const auto y = model(x);
  static_assert(std::is_same_v<decltype(y), const cairn::Tensor<float, 5, 2>>);
  const auto by_hand = model.layer<1>()(model.layer<0>()(x));
  for (std::size_t i = 0; i < y.size(); ++i) CHECK(y.data()[i] == by_hand.data()[i]);
}

TEST_CASE("a sequential model lists the variables of its layers in order") {
  Model model;
  const auto variables = model.trainable_variables();
  CHECK(variables.size() == 4);
  const cairn::Variable<float, 4, 3>& kernel = model.trainable_variables().get<0>();
  CHECK(&kernel == &model.layer<0>().kernel);
  CHECK(&variables.get<3>() == &model.layer<1>().bias);
}

TEST_CASE("the variables of a const model are const") {
  const Model model;
  static_assert(std::is_same_v<decltype(model.trainable_variables().get<0>()), const cairn::Variable<float, 4, 3>&>);
  CHECK(&model.trainable_variables().get<0>() == &model.layer<0>().kernel);
}

TEST_CASE("layers of one's own stand among those of Keras") {
  keras::Sequential<keras::Dense<1, 1>, Twice> model;
  model.layer<0>().kernel.assign({{3}});
  CHECK(model(cairn::Tensor<float, 1, 1>{{1}})(0, 0) == 6.0f);
  CHECK(model.trainable_variables().size() == 2);
}

TEST_CASE("a sequential model may be a layer") {
  const keras::Sequential<Model, keras::Dense<2, 1>> model;
  CHECK(model(cairn::Tensor<float, 3, 4>()).shape() == cairn::Shape{3, 1});
  CHECK(model.trainable_variables().size() == 6);
}

TEST_CASE("layers that take any number of axes need no Input before a Flatten, a pooling or a recurrent layer") {
  const keras::Sequential<keras::Embedding<6, 3>, keras::Dense<3, 2>, keras::Flatten, keras::Dense<8, 1>> words;
  CHECK(words(cairn::Tensor<int, 2, 4>()).shape() == cairn::Shape{2, 1});
  const keras::Sequential<keras::Dense<1, 2>, keras::MaxPooling2D<2>, keras::GlobalAveragePooling2D> images;
  CHECK(images(cairn::Tensor<float, 3, 4, 4, 1>()).shape() == cairn::Shape{3, 2});
  const keras::Sequential<keras::LayerNormalization<3>, keras::LSTM<3, 2>> sequences;
  CHECK(sequences(cairn::Tensor<float, 1, 5, 3>()).shape() == cairn::Shape{1, 2});
}

TEST_CASE("a copy of a model has weights of its own") {
  Model model;
  model.layer<0>().kernel(0, 0) = 1;
  const Model copy = model;
  model.layer<0>().kernel(0, 0) = 2;
  CHECK(copy.layer<0>().kernel(0, 0) == 1.0f);
}
