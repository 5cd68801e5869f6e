// Activations and their gradients, held against TensorFlow's own (layers/make.py).
#include "cairn/keras/activations.hpp"

#include <doctest/doctest.h>

#include "keras/layers/check.hpp"

#include <limits>

namespace keras = cairn::keras;
using cairn::test::check_fresh;

TEST_CASE("activations give what Keras' give, and so do their gradients") {
  check_fresh<keras::Activation<keras::linear>, 4, 25>(expected::linear, expected::linear_gradients);
  check_fresh<keras::Activation<keras::relu>, 4, 25>(expected::relu, expected::relu_gradients);
  check_fresh<keras::Activation<keras::leaky_relu>, 4, 25>(expected::leaky_relu, expected::leaky_relu_gradients);
  check_fresh<keras::Activation<keras::elu>, 4, 25>(expected::elu, expected::elu_gradients);
  check_fresh<keras::Activation<keras::selu>, 4, 25>(expected::selu, expected::selu_gradients);
  check_fresh<keras::Activation<keras::gelu>, 4, 25>(expected::gelu, expected::gelu_gradients);
  check_fresh<keras::Activation<keras::sigmoid>, 4, 25>(expected::sigmoid, expected::sigmoid_gradients);
  check_fresh<keras::Activation<keras::swish>, 4, 25>(expected::silu, expected::silu_gradients);
  check_fresh<keras::Activation<keras::softplus>, 4, 25>(expected::softplus, expected::softplus_gradients);
  check_fresh<keras::Activation<keras::tanh>, 4, 25>(expected::tanh, expected::tanh_gradients);
  check_fresh<keras::Activation<keras::softmax>, 4, 25>(expected::softmax, expected::softmax_gradients);
}

TEST_CASE("activations stay numbers far out") {
  const float largest = std::numeric_limits<float>::max();
  const cairn::Tensor<float, 2> far{-largest, largest};
  CHECK(keras::sigmoid(far)[0] == 0.0f);
  CHECK(keras::sigmoid(far)[1] == 1.0f);
  CHECK(keras::softplus(far)[0] == 0.0f);
  CHECK(keras::softplus(far)[1] == largest);
  CHECK(keras::gelu(far)[0] == 0.0f);
  CHECK(keras::gelu(far)[1] == largest);
  CHECK(keras::elu(far)[0] == -1.0f);
  CHECK(keras::swish(far)[1] == largest);
}
