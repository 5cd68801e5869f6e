// Gradients of the operations that layers need, held against finite differences.
#include "cairn/keras/activations.hpp"
#include "cairn/keras/batch_normalization.hpp"
#include "cairn/keras/conv2d.hpp"
#include "cairn/keras/dense.hpp"
#include "cairn/keras/embedding.hpp"
#include "cairn/keras/layer_normalization.hpp"
#include "cairn/keras/pooling_2d.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/arithmetic.hpp"
#include "cairn/ops/reduce.hpp"
#include "ops/finite_differences.hpp"

#include <tuple>

namespace keras = cairn::keras;

namespace {

// Numbers without order, and without zeros and equal ones, where derivatives jump.
template <class V>
void fill(V& variable, std::size_t shift) {
  for (std::size_t i = 0; i < variable.size(); ++i)
    variable.data()[i] = (static_cast<double>((i * 37 + shift) % 101) - 50.25) / 40 + static_cast<double>(i) * 1e-3;
}

// Of the sum of the outputs, each times a number of its own: by x, and by each Variable of the layer.
template <class Layer, class X, class... Mode>
void check(Layer& layer, X& x, Mode... mode) {
  const auto loss = [&] {
    const auto y = layer(x, mode...);
    std::remove_cvref_t<decltype(y)> weights(y.shape());
    fill(weights, 23);
    return cairn::reduce_sum(y * weights);
  };
  fill(x, 11);
  if constexpr (requires { layer.trainable_variables(); }) {
    std::apply([&](auto&... variable) { (fill(variable, 3), ...); }, layer.trainable_variables().as_tuple());
    std::apply([&](auto&... variable) { (cairn::test::check_gradient(variable, loss), ...); },
               layer.trainable_variables().as_tuple());
  }
  cairn::test::check_gradient(x, loss);
}

template <class Layer, std::size_t... Extents, class... Mode>
void check_fresh(Mode... mode) {
  Layer layer;
  cairn::Variable<double, Extents...> x;
  check(layer, x, mode...);
}

}  // namespace

TEST_CASE("gradients of dense layers are those of finite differences") {
  check_fresh<keras::Dense<4, 3, keras::dtype<double>, keras::tanh>, 2, 4>();
  check_fresh<keras::Dense<4, 3, keras::dtype<double>>, 2, 2, 4>();
}

TEST_CASE("gradients of convolutions are those of finite differences") {
  check_fresh<keras::Conv2D<2, 3, 3, keras::dtype<double>>, 2, 5, 4, 2>();
  check_fresh<
      keras::Conv2D<2, 2, keras::kernel_size<2, 3>, keras::strides<2, 1>, keras::padding<"same">, keras::dtype<double>>,
      1, 5, 4, 2>();
}

TEST_CASE("gradients of pooling are those of finite differences") {
  check_fresh<keras::MaxPooling2D<2>, 1, 4, 5, 2>();
  check_fresh<keras::MaxPooling2D<3, keras::strides<1>, keras::padding<"same">>, 1, 4, 3, 2>();
  check_fresh<keras::AveragePooling2D<3, keras::strides<2>, keras::padding<"same">>, 1, 4, 5, 2>();
  check_fresh<keras::GlobalAveragePooling2D, 2, 3, 2, 3>();
}

TEST_CASE("gradients of normalizations are those of finite differences") {
  check_fresh<keras::BatchNormalization<3, keras::dtype<double>>, 4, 3>();
  check_fresh<keras::BatchNormalization<3, keras::dtype<double>>, 4, 3>(keras::training);
  check_fresh<keras::LayerNormalization<5, keras::dtype<double>>, 3, 5>();
}

TEST_CASE("gradients of activations are those of finite differences") {
  check_fresh<keras::Activation<keras::leaky_relu>, 25>();
  check_fresh<keras::Activation<keras::elu>, 25>();
  check_fresh<keras::Activation<keras::selu>, 25>();
  check_fresh<keras::Activation<keras::gelu>, 25>();
  check_fresh<keras::Activation<keras::swish>, 25>();
  check_fresh<keras::Activation<keras::softplus>, 25>();
  check_fresh<keras::Activation<keras::softmax>, 3, 5>();
}

TEST_CASE("gradients of embeddings are those of finite differences") {
  keras::Embedding<5, 2, keras::dtype<double>> layer;
  const cairn::Tensor<int, 2, 2> ids{{1, 4}, {1, 0}};
  const cairn::Tensor<double, 2> weights{3, 5};
  cairn::test::check_gradient(layer.embeddings, [&] { return cairn::reduce_sum(layer(ids) * weights); });
}
