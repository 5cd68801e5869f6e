// Losses and their gradients, held against Keras' own: the numbers are Keras 3.15's for these targets and predictions.
#include "cairn/keras/losses.hpp"

#include <doctest/doctest.h>

#include "cairn/ops.hpp"

#include <vector>

namespace keras = cairn::keras;

namespace {

const cairn::Tensor<float, 2, 3> target{{0, 1, 0}, {0.25f, 0.5f, 0.25f}};
const cairn::Tensor<std::int64_t, 2> classes{2, 1};
cairn::Variable<float, 2, 3> prediction() { return cairn::Tensor<float, 2, 3>{{0.2f, 0.5f, 0.3f}, {1, 1e-8f, 0.1f}}; }

template <class Loss>
void check(const Loss& loss, const auto& y_true, float expected, const std::vector<float>& gradients) {
  const cairn::Variable<float, 2, 3> y_pred = prediction();
  cairn::GradientTape tape;
  const cairn::Tensor<float> found = loss(y_true, y_pred);
  const auto gradient = tape.gradient(found, y_pred);
  CHECK(found == doctest::Approx(static_cast<double>(expected)).epsilon(1e-6));
  for (std::size_t i = 0; i < gradients.size(); ++i)
    CHECK(gradient.span()[i] == doctest::Approx(static_cast<double>(gradients[i])).epsilon(1e-6));
}

}  // namespace

TEST_CASE("mean squared error is Keras'") {
  check(keras::MeanSquaredError{}, target, 0.202500001f,
        {0.0666666701f, -0.166666672f, 0.100000009f, 0.25f, -0.166666672f, -0.0500000045f});
}

TEST_CASE("categorical crossentropy is Keras', of probabilities, also those that are clipped, and of logits") {
  check(keras::CategoricalCrossentropy{}, target, 4.68774796f,
        {0.5f, -0.5f, 0.5f, 0.102272719f, 0.227272719f, -1.02272725f});
  check(keras::CategoricalCrossentropy{.from_logits = true}, target, 1.11916053f,
        {0.144716546f, -0.304653108f, 0.159936517f, 0.156777591f, -0.146339804f, -0.0104377791f});
}

TEST_CASE("categorical crossentropy with label smoothing is Keras'") {
  check(keras::CategoricalCrossentropy{.label_smoothing = 0.1}, target, 4.58760405f,
        {0.416666657f, -0.433333337f, 0.444444448f, 0.105681807f, 0.234848469f, -1.05681813f});
  check(keras::CategoricalCrossentropy{.from_logits = true, .label_smoothing = 0.1}, target, 1.1229105f,
        {0.12804988f, -0.271319747f, 0.143269852f, 0.152610928f, -0.138006479f, -0.0146044418f});
}

TEST_CASE("sparse categorical crossentropy is Keras', of probabilities and of logits") {
  check(keras::SparseCategoricalCrossentropy{}, classes, 8.70868874f,
        {0.49999997f, 0.5f, -1.16666675f, 0, 0, 0.454545349f});
  check(keras::SparseCategoricalCrossentropy{.from_logits = true}, classes, 1.3566606f,
        {0.144716546f, 0.195346907f, -0.340063483f, 0.281777591f, -0.396339804f, 0.114562221f});
}

TEST_CASE("as a function, a loss is one number for each example; classes may stand in an axis of their own") {
  const auto each = keras::sparse_categorical_crossentropy(cairn::Tensor<int, 2, 1>{{2}, {1}}, prediction(), true);
  static_assert(std::is_same_v<decltype(each), const cairn::Tensor<float, 2>>);
  CHECK((each[0] + each[1]) / 2 == doctest::Approx(1.3566606));
}

TEST_CASE("a class that there is not, and shapes that differ, are refused") {
  const auto with_class = [](int number) {
    return keras::sparse_categorical_crossentropy(cairn::Tensor<int, 2>{number, 0}, prediction());
  };
  CHECK_THROWS_AS(with_class(3), cairn::Error);
  CHECK_THROWS_AS(with_class(-1), cairn::Error);
  const cairn::Tensor<float, cairn::dynamic, 3> longer(cairn::Shape{3, 3});
  CHECK_THROWS_AS(static_cast<void>(keras::mean_squared_error(longer, prediction())), cairn::Error);
}
