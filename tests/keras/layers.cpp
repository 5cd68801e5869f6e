// Layers and their gradients, held against Keras' and TensorFlow's own (layers/make.py).
#include "cairn/keras.hpp"

#include <doctest/doctest.h>

#include "keras/layers/check.hpp"

#include <type_traits>
#include <vector>

namespace keras = cairn::keras;
using cairn::test::check_close;
using cairn::test::check_fresh;
using cairn::test::check_layer;
using cairn::test::fill_pattern;
using cairn::test::fill_variables;

TEST_CASE("a Dense layer gives what Keras' gives, and so do its gradients") {
  check_fresh<keras::Dense<5, 3, keras::relu>, 4, 5>(expected::dense, expected::dense_gradients);
  check_fresh<keras::Dense<5, 3, keras::use_bias<false>>, 2, 3, 5>(expected::dense_of_sequences,
                                                                   expected::dense_of_sequences_gradients);
}

TEST_CASE("a Conv2D layer gives what Keras' gives, and so do its gradients") {
  check_fresh<keras::Conv2D<2, 3, 3, keras::relu>, 2, 6, 5, 2>(expected::conv2d, expected::conv2d_gradients);
  check_fresh<keras::Conv2D<3, 2, 3, keras::strides<2>, keras::padding<"same">>, 2, 6, 5, 3>(
      expected::conv2d_same, expected::conv2d_same_gradients);
  check_fresh<keras::Conv2D<2, 4, keras::kernel_size<3, 2>, keras::strides<2, 1>, keras::use_bias<false>>, 1, 8, 4, 2>(
      expected::conv2d_oblong, expected::conv2d_oblong_gradients);
  check_fresh<keras::Conv2D<8, 20, 2, keras::padding<"same">, keras::tanh>, 1, 5, 5, 8>(
      expected::conv2d_many, expected::conv2d_many_gradients);
}

TEST_CASE("pooling layers give what Keras' give, and so do their gradients") {
  check_fresh<keras::MaxPooling2D<>, 2, 5, 6, 3>(expected::max_pooling, expected::max_pooling_gradients);
  check_fresh<keras::MaxPooling2D<3, keras::strides<2>, keras::padding<"same">>, 2, 5, 6, 2>(
      expected::max_pooling_same, expected::max_pooling_same_gradients);
  check_fresh<keras::AveragePooling2D<2>, 2, 5, 6, 3>(expected::average_pooling, expected::average_pooling_gradients);
  check_fresh<keras::AveragePooling2D<keras::pool_size<3, 2>, keras::strides<2>, keras::padding<"same">>, 2, 5, 6, 2>(
      expected::average_pooling_same, expected::average_pooling_same_gradients);
  check_fresh<keras::GlobalAveragePooling2D, 2, 5, 6, 3>(expected::global_average_pooling,
                                                         expected::global_average_pooling_gradients);
}

TEST_CASE("Flatten keeps the elements in order") {
  check_fresh<keras::Flatten, 2, 3, 2, 2>(expected::flatten, expected::flatten_gradients);
  static_assert(std::is_same_v<decltype(keras::Flatten{}(cairn::Tensor<float, cairn::dynamic, 3, 2>())),
                               cairn::Tensor<float, cairn::dynamic, 6>>);
}

TEST_CASE("BatchNormalization goes by its moving averages in inference, as Keras' does") {
  keras::BatchNormalization<4> layer;
  fill_variables(layer);
  fill_pattern(layer.moving_mean.span(), 29);
  fill_pattern(layer.moving_variance.span(), 31);
  for (float& value : layer.moving_variance.span()) value = value * value + 0.5f;
  cairn::Variable<float, 3, 2, 2, 4> x;
  check_layer(layer, x, expected::batch_normalization, expected::batch_normalization_gradients);
}

TEST_CASE("BatchNormalization goes by the batch in training, and moves its averages, as Keras' does") {
  keras::BatchNormalization<4> layer;
  fill_variables(layer);
  fill_pattern(layer.moving_mean.span(), 29);
  fill_pattern(layer.moving_variance.span(), 31);
  for (float& value : layer.moving_variance.span()) value = value * value + 0.5f;
  cairn::Variable<float, 3, 2, 2, 4> x;
  check_layer(layer, x, expected::batch_normalization_training, expected::batch_normalization_training_gradients,
              keras::training);
  std::vector<float> moved(layer.moving_mean.span().begin(), layer.moving_mean.span().end());
  moved.insert(moved.end(), layer.moving_variance.span().begin(), layer.moving_variance.span().end());
  check_close(moved, expected::batch_normalization_training_moving);
}

TEST_CASE("BatchNormalization without gamma and beta has neither, and is as Keras' is") {
  keras::BatchNormalization<3, keras::momentum<0.9>, keras::epsilon<1e-5>, keras::center<false>, keras::scale<false>>
      layer;
  fill_pattern(layer.moving_mean.span(), 29);
  fill_pattern(layer.moving_variance.span(), 31);
  for (float& value : layer.moving_variance.span()) value = value * value + 0.5f;
  cairn::Variable<float, 5, 3> x;
  check_layer(layer, x, expected::batch_normalization_bare, expected::batch_normalization_bare_gradients,
              keras::training);
  std::vector<float> moved(layer.moving_mean.span().begin(), layer.moving_mean.span().end());
  moved.insert(moved.end(), layer.moving_variance.span().begin(), layer.moving_variance.span().end());
  check_close(moved, expected::batch_normalization_bare_moving);
  static_assert(decltype(layer.trainable_variables())::size() == 0);
}

TEST_CASE("LayerNormalization gives what Keras' gives, and so do its gradients") {
  check_fresh<keras::LayerNormalization<6>, 3, 2, 6>(expected::layer_normalization,
                                                     expected::layer_normalization_gradients);
  check_fresh<keras::LayerNormalization<6, keras::epsilon<1e-6>, keras::center<false>, keras::scale<false>>, 3, 6>(
      expected::layer_normalization_bare, expected::layer_normalization_bare_gradients);
}

TEST_CASE("an Embedding gives the rows of its ids, and gradients to these rows") {
  keras::Embedding<7, 3> layer;
  fill_variables(layer);
  const cairn::Tensor<int, 2, 3> ids{{1, 6, 1}, {0, 3, 6}};
  cairn::GradientTape tape;
  const auto y = layer(ids);
  static_assert(std::is_same_v<decltype(y), const cairn::Tensor<float, 2, 3, 3>>);
  check_close(y.span(), expected::embedding);
  check_close(cairn::test::gradients(tape, y, layer.trainable_variables().as_tuple()), expected::embedding_gradients);
}

TEST_CASE("an id outside of an Embedding is refused in words") {
  const keras::Embedding<7, 3> layer;
  for (const int id : {7, -1})
    CHECK_THROWS_WITH_AS(static_cast<void>(layer(cairn::Tensor<int, 1>{id})), doctest::Contains("is not in [0, 7)"),
                         cairn::Error);
}
