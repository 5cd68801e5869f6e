// Recurrent layers, held against Keras' own (layers/make.py).
#include "cairn/keras/gru.hpp"
#include "cairn/keras/lstm.hpp"
#include "cairn/keras/simple_rnn.hpp"

#include <doctest/doctest.h>

#include "keras/layers/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>

namespace keras = cairn::keras;

namespace {

template <class Layer>
void check(const std::vector<float>& expected) {
  Layer layer;
  cairn::test::fill_variables(layer);
  cairn::Tensor<float, 2, 5, 3> x;
  cairn::test::fill_pattern(x.span(), 11);
  cairn::test::check_close(layer(x).span(), expected);
}

}  // namespace

TEST_CASE("recurrent layers give what Keras' give") {
  check<keras::SimpleRNN<3, 4>>(expected::simple_rnn);
  check<keras::GRU<3, 4>>(expected::gru);
  check<keras::LSTM<3, 4>>(expected::lstm);
}

TEST_CASE("recurrent layers give what Keras' give at each step") {
  check<keras::SimpleRNN<3, 4, keras::return_sequences<true>>>(expected::simple_rnn_sequences);
  check<keras::GRU<3, 4, keras::return_sequences<true>>>(expected::gru_sequences);
  check<keras::LSTM<3, 4, keras::return_sequences<true>>>(expected::lstm_sequences);
  static_assert(std::is_same_v<decltype(keras::LSTM<3, 4, keras::return_sequences<true>>{}(
                                   cairn::Tensor<float, cairn::dynamic, 5, 3>())),
                               cairn::Tensor<float, cairn::dynamic, 5, 4>>);
}

TEST_CASE("a recurrent layer that goes backwards is one that goes forwards over the steps turned round") {
  const auto check_backwards = []<class Forwards, class Backwards>(Forwards forwards, Backwards backwards) {
    cairn::test::fill_variables(forwards);
    cairn::test::fill_variables(backwards);
    cairn::Tensor<float, 2, 5, 3> x, turned;
    cairn::test::fill_pattern(x.span(), 11);
    for (std::size_t n = 0; n < 2; ++n)
      for (std::size_t t = 0; t < 5; ++t)
        for (std::size_t i = 0; i < 3; ++i) turned(n, t, i) = x(n, 4 - t, i);
    const auto found = backwards(x), expected = forwards(turned);
    CHECK(std::equal(found.span().begin(), found.span().end(), expected.span().begin()));
  };
  check_backwards(keras::SimpleRNN<3, 4>{}, keras::SimpleRNN<3, 4, keras::go_backwards<true>>{});
  check_backwards(keras::GRU<3, 4, keras::return_sequences<true>>{},
                  keras::GRU<3, 4, keras::go_backwards<true>, keras::return_sequences<true>>{});
  check_backwards(keras::LSTM<3, 4>{}, keras::LSTM<3, 4, keras::go_backwards<true>>{});
}

TEST_CASE("recurrent layers take other activations, and none of their biases") {
  using keras::recurrent_activation;
  check<keras::GRU<3, 4, keras::relu, recurrent_activation<keras::tanh>, keras::use_bias<false>>>(expected::gru_bare);
  check<keras::LSTM<3, 4, keras::relu, recurrent_activation<keras::tanh>, keras::use_bias<false>>>(expected::lstm_bare);
}

TEST_CASE("recurrent layers begin as Keras' do: an orthogonal recurrent kernel, a forget gate that is open") {
  const keras::LSTM<3, 4> layer;
  for (std::size_t i = 0; i < 16; ++i) CHECK(layer.cell.bias(i) == (i / 4 == 1 ? 1.0f : 0.0f));
  const auto& kernel = layer.cell.recurrent_kernel;
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b) {
      double product = 0;
      for (std::size_t j = 0; j < 16; ++j)
        product += static_cast<double>(kernel(a, j)) * static_cast<double>(kernel(b, j));
      CHECK(std::abs(product - (a == b ? 1 : 0)) < 1e-6);
    }
}

TEST_CASE("a recurrent layer says that it has no gradients, unless nobody needs them") {
  keras::SimpleRNN<3, 4> layer;
  const cairn::Tensor<float, 2, 5, 3> x;
  cairn::GradientTape tape;
  CHECK_THROWS_WITH_AS(static_cast<void>(layer(x)), doctest::Contains("has no gradients"), cairn::Error);
  layer.cell.kernel.set_trainable(false);
  layer.cell.recurrent_kernel.set_trainable(false);
  CHECK(layer(x).size() == 8);
}
