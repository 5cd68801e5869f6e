// Training steps, held against Keras' own (training/make.py).
#include "cairn/keras.hpp"

#include <doctest/doctest.h>

#include "cairn/ops.hpp"
#include "keras/training/expected.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace keras = cairn::keras;

namespace {

using Model = keras::Sequential<keras::Dense<3, 4, keras::relu>, keras::Dense<4, 2, keras::softmax>>;

// make.py's weights(): numbers of a pattern, exact in float.
void fill_pattern(std::span<float> elements, float scale, int shift) {
  for (std::size_t i = 0; i < elements.size(); ++i)
    elements[i] = static_cast<float>((static_cast<int>(i) * 7 + shift) % 13 - 6) * scale;
}
Model make_model() {
  Model model;
  fill_pattern(model.layer<0>().kernel.span(), 0.125f, 0);
  fill_pattern(model.layer<0>().bias.span(), 0.0625f, 5);
  fill_pattern(model.layer<1>().kernel.span(), 0.25f, 3);
  fill_pattern(model.layer<1>().bias.span(), 0.125f, 8);
  return model;
}
struct Data {
  cairn::Tensor<float, 5, 3> x;
  cairn::Tensor<float, 5, 2> y;
  Data() {
    fill_pattern(x.span(), 0.25f, 1);
    fill_pattern(y.span(), 0.125f, 4);
  }
};

// Relative to the largest of them: where numbers cancel, both sides have the rounding of what they came from.
void check_close(std::span<const float> found, std::span<const float> expected, double tolerance) {
  REQUIRE(found.size() == expected.size());
  double largest = 0;
  for (const float value : expected) largest = std::max(largest, std::abs(static_cast<double>(value)));
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i])) <= tolerance * largest);
  }
}
constexpr double weight_tolerance = 1e-6;
constexpr double slot_tolerance = 3e-6;

template <class Optimizer>
std::vector<float> train(Model& model, Optimizer& optimizer, int steps) {
  const Data data;
  std::vector<float> losses;
  for (int step = 0; step < steps; ++step) {
    cairn::GradientTape tape;
    const auto loss = cairn::reduce_mean(cairn::square(model(data.x) - data.y));
    optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
    losses.push_back(loss);
  }
  return losses;
}

// make.py's train_words().
struct Words {
  keras::Embedding<5, 2> words;
  keras::Dense<2, 2> head;
  Words() {
    fill_pattern(words.embeddings.span(), 0.25f, 2);
    fill_pattern(head.kernel.span(), 0.125f, 6);
    fill_pattern(head.bias.span(), 0.25f, 9);
  }
  auto trainable_variables() { return std::tie(words.embeddings, head.kernel, head.bias); }
};
void append(std::vector<float>& all, const auto&... more) {
  (all.insert(all.end(), more.data(), more.data() + more.size()), ...);
}
// The weights after three steps.
template <class Optimizer>
std::vector<float> train_words(Optimizer& optimizer) {
  const cairn::Tensor<std::int64_t, 2, 3> ids{{1, 2, 1}, {3, 1, 2}};
  Words model;
  for (int step = 0; step < 3; ++step) {
    cairn::GradientTape tape;
    const auto loss =
        step == 1
            ? cairn::reduce_mean(cairn::square(model.words(ids)))
            : cairn::reduce_mean(cairn::square(model.head(model.words(ids)) + model.words(ids + std::int64_t{1})));
    optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
  }
  std::vector<float> all;
  append(all, model.words.embeddings, model.head.kernel, model.head.bias);
  return all;
}
template <std::size_t... I>
void append_pairs(std::vector<float>& all, const auto& first, const auto& second, std::index_sequence<I...>) {
  (append(all, first.template get<I>(), second.template get<I>()), ...);
}
template <std::size_t... I>
void append_each(std::vector<float>& all, const auto& slots, std::index_sequence<I...>) {
  append(all, slots.template get<I>()...);
}
constexpr std::make_index_sequence<3> three;

}  // namespace

TEST_CASE("the gradients of the first step are TensorFlow's") {
  Model model = make_model();
  const Data data;
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_mean(cairn::square(model(data.x) - data.y));
  const auto gradients = tape.gradient(loss, model.trainable_variables());
  check_close(gradients.get<0>().span(), expected::first_gradient_0, slot_tolerance);
  check_close(gradients.get<1>().span(), expected::first_gradient_1, slot_tolerance);
  check_close(gradients.get<2>().span(), expected::first_gradient_2, slot_tolerance);
  check_close(gradients.get<3>().span(), expected::first_gradient_3, slot_tolerance);
}

TEST_CASE("five steps of Adam end where Keras' end") {
  Model model = make_model();
  keras::Adam<Model> optimizer{.learning_rate = 0.001f};
  const auto losses = train(model, optimizer, 5);
  CHECK(optimizer.iterations == 5);
  check_close(losses, expected::adam_losses, weight_tolerance);
  const auto weights = model.trainable_variables();
  check_close(weights.get<0>().span(), expected::adam_weights_0, weight_tolerance);
  check_close(weights.get<1>().span(), expected::adam_weights_1, weight_tolerance);
  check_close(weights.get<2>().span(), expected::adam_weights_2, weight_tolerance);
  check_close(weights.get<3>().span(), expected::adam_weights_3, weight_tolerance);
  check_close(optimizer.momentums.get<0>().span(), expected::adam_momentums_0, slot_tolerance);
  check_close(optimizer.momentums.get<1>().span(), expected::adam_momentums_1, slot_tolerance);
  check_close(optimizer.momentums.get<2>().span(), expected::adam_momentums_2, slot_tolerance);
  check_close(optimizer.momentums.get<3>().span(), expected::adam_momentums_3, slot_tolerance);
  check_close(optimizer.velocities.get<0>().span(), expected::adam_velocities_0, slot_tolerance);
  check_close(optimizer.velocities.get<1>().span(), expected::adam_velocities_1, slot_tolerance);
  check_close(optimizer.velocities.get<2>().span(), expected::adam_velocities_2, slot_tolerance);
  check_close(optimizer.velocities.get<3>().span(), expected::adam_velocities_3, slot_tolerance);
}

TEST_CASE("five steps of SGD end where Keras' end") {
  Model model = make_model();
  keras::SGD<Model> optimizer;
  check_close(train(model, optimizer, 5), expected::sgd_losses, weight_tolerance);
  check_close(model.layer<0>().kernel.span(), expected::sgd_weights_0, weight_tolerance);
  check_close(model.layer<1>().kernel.span(), expected::sgd_weights_2, weight_tolerance);
  CHECK(optimizer.momentums.get<0>()(0, 0) == 0.0f);
}

TEST_CASE("five steps of SGD with momentum end where Keras' end") {
  Model model = make_model();
  keras::SGD<Model> optimizer{.learning_rate = 0.01f, .momentum = 0.9};
  check_close(train(model, optimizer, 5), expected::momentum_losses, weight_tolerance);
  check_close(model.layer<0>().kernel.span(), expected::momentum_weights_0, weight_tolerance);
  check_close(model.layer<1>().kernel.span(), expected::momentum_weights_2, weight_tolerance);
  check_close(optimizer.momentums.get<0>().span(), expected::momentum_momentums_0, slot_tolerance);
}

TEST_CASE("five steps of SGD with Nesterov's momentum end where Keras' end") {
  Model model = make_model();
  keras::SGD<Model> optimizer{.learning_rate = 0.01f, .momentum = 0.9, .nesterov = true};
  check_close(train(model, optimizer, 5), expected::nesterov_losses, weight_tolerance);
  check_close(model.layer<0>().kernel.span(), expected::nesterov_weights_0, weight_tolerance);
  check_close(model.layer<1>().kernel.span(), expected::nesterov_weights_2, weight_tolerance);
  check_close(optimizer.momentums.get<0>().span(), expected::nesterov_momentums_0, slot_tolerance);
}

TEST_CASE("an id that comes twice, and a layer without a gradient, are to Adam what they are to Keras'") {
  keras::Adam<Words> optimizer{.learning_rate = 0.1f, .amsgrad = true};
  std::vector<float> all = train_words(optimizer);
  append_pairs(all, optimizer.momentums, optimizer.velocities, three);
  append_each(all, optimizer.velocity_hats.value(), three);
  check_close(all, expected::words_adam, weight_tolerance);
}

TEST_CASE("an id that comes twice, and a layer without a gradient, are to AdamW what they are to Keras'") {
  keras::AdamW<Words> optimizer{.learning_rate = 0.1f, .weight_decay = 0.1};
  std::vector<float> all = train_words(optimizer);
  append_pairs(all, optimizer.momentums, optimizer.velocities, three);
  check_close(all, expected::words_adamw, weight_tolerance);
}

TEST_CASE("an id that comes twice, and a layer without a gradient, are to RMSprop what they are to Keras'") {
  keras::RMSprop<Words> optimizer{.learning_rate = 0.1f, .momentum = 0.5};
  std::vector<float> all = train_words(optimizer);
  append_each(all, optimizer.velocities, three);
  append_each(all, optimizer.momentums.value(), three);
  check_close(all, expected::words_rmsprop, weight_tolerance);
}

TEST_CASE("an id that comes twice, and a layer without a gradient, are to SGD what they are to Keras'") {
  keras::SGD<Words> optimizer{.learning_rate = 0.1f, .momentum = 0.5, .nesterov = true};
  std::vector<float> all = train_words(optimizer);
  append_each(all, optimizer.momentums, three);
  check_close(all, expected::words_sgd, weight_tolerance);
}

TEST_CASE("a gradient that was written to, or that one wrote oneself, is no sum of slices any more") {
  cairn::Variable<float, 2, 1> rows;
  keras::Adam<cairn::Variable<float, 2, 1>> optimizer;
  cairn::GradientTape tape;
  const cairn::Tensor<int, 3> ids{1, 1, 1};
  auto gradient = tape.gradient(cairn::reduce_sum(cairn::gather(rows, ids)), rows);
  gradient(1, 0) = 2;
  optimizer.apply_gradients(gradient, rows);
  CHECK(optimizer.velocities.get<0>()(1, 0) == doctest::Approx(0.004));
}

TEST_CASE("a step for which no Variable has a gradient is refused, and changes nothing") {
  Model model = make_model();
  keras::Adam<Model> optimizer;
  const Data data;
  const auto loss = cairn::reduce_mean(cairn::square(model(data.x) - data.y));  // before the tape
  cairn::GradientTape tape;
  const auto gradients = tape.gradient(loss, model.trainable_variables());
  CHECK_THROWS_WITH_AS(optimizer.apply_gradients(gradients, model), doctest::Contains("the tape did not record"),
                       cairn::Error);
  CHECK(optimizer.iterations == 0);
  CHECK(!optimizer.built);
}

TEST_CASE("an optimizer works on a struct of one's own, local ones included") {
  struct CustomLinearModel {
    cairn::Variable<float, 3, 2> weights{{{1, 2}, {3, 4}, {5, 6}}};
    cairn::Variable<float, 2> biases;
    auto operator()(const cairn::Tensor<float, 5, 3>& x) const { return cairn::matmul(x, weights) + biases; }
  };
  CustomLinearModel model;
  keras::Adam<CustomLinearModel> optimizer{.learning_rate = 0.1f};
  const Data data;
  float before = 0;
  float after = 0;
  for (int step = 0; step < 50; ++step) {
    cairn::GradientTape tape;
    const auto loss = cairn::reduce_mean(cairn::square(model(data.x)));
    optimizer.apply_gradients(tape.gradient(loss, cairn::trainable_variables(model)), model);
    (step == 0 ? before : after) = loss;
  }
  CHECK(after < before / 2);
}

TEST_CASE("an optimizer works on one variable, and on a list") {
  cairn::Variable<float, 2> variable{1, -1};
  keras::SGD<cairn::Variable<float, 2>> optimizer{.learning_rate = 0.5f};
  {
    cairn::GradientTape tape;
    optimizer.apply_gradients(tape.gradient(cairn::reduce_sum(variable * 2.0f), variable), variable);
  }
  CHECK(variable[0] == 0.0f);
  CHECK(variable[1] == -2.0f);
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_sum(variable);
  optimizer.apply_gradients(tape.gradient(loss, std::tie(variable)), std::tie(variable));
  CHECK(variable[0] == -0.5f);
  CHECK(optimizer.iterations == 2);
}

TEST_CASE("a variable that is not trainable keeps its value") {
  Model model = make_model();
  model.layer<0>().bias.set_trainable(false);
  keras::Adam<Model> optimizer;
  train(model, optimizer, 1);
  const Model before = make_model();
  CHECK(model.layer<0>().bias[0] == before.layer<0>().bias[0]);
  CHECK(model.layer<0>().kernel(0, 0) != before.layer<0>().kernel(0, 0));
}

TEST_CASE("a variable that two members share is changed once in a step") {
  struct Tied {
    std::shared_ptr<cairn::Variable<float>> first = std::make_shared<cairn::Variable<float>>(1.0f);
    std::shared_ptr<cairn::Variable<float>> second = first;
  };
  Tied model;
  keras::SGD<Tied> optimizer{.learning_rate = 0.5f};
  cairn::GradientTape tape;
  const auto loss = *model.first + *model.second;
  optimizer.apply_gradients(tape.gradient(loss, cairn::trainable_variables(model)), model);
  CHECK(*model.first == 0.0f);  // 1 - 0.5 * (1 + 1)
}

TEST_CASE("an optimizer's slots take the shape of a variable with a dynamic extent") {
  cairn::Variable<float, cairn::dynamic> variable(cairn::Shape{3});
  keras::Adam<cairn::Variable<float, cairn::dynamic>> optimizer;
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_sum(variable);
  optimizer.apply_gradients(tape.gradient(loss, variable), variable);
  CHECK(optimizer.momentums.get<0>().shape() == cairn::Shape{3});
  CHECK(variable[2] == doctest::Approx(-0.001));
}

TEST_CASE("a thousand Variables are trained, each by its own slots") {
  struct Model {
    std::array<cairn::Variable<float, 2>, 500> first;
    std::array<cairn::Variable<double>, 500> second;
  };
  Model model;
  keras::Adam<Model> optimizer{.learning_rate = 0.5f};
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_sum(model.first[499]) + cairn::reduce_sum(model.first[1] * 2.0f);
  optimizer.apply_gradients(tape.gradient(loss, cairn::trainable_variables(model)), model);
  CHECK(model.first[499][1] == doctest::Approx(-0.5));
  CHECK(model.first[0][0] == 0.0f);
  CHECK(optimizer.momentums.get<1>()[0] == doctest::Approx(0.2));
  CHECK(optimizer.momentums.get<999>() == 0.0);
}

TEST_CASE("slots are copied, moved and assigned with their optimizer") {
  cairn::Variable<float, 2> variable;
  keras::Adam<cairn::Variable<float, 2>> optimizer;
  cairn::GradientTape tape;
  optimizer.apply_gradients(tape.gradient(cairn::reduce_sum(variable), variable), variable);
  const float momentum = optimizer.momentums.get<0>()[1];
  keras::Adam<cairn::Variable<float, 2>> copy = optimizer;
  optimizer.momentums.get<0>().assign({5, 6});
  CHECK(copy.momentums.get<0>()[1] == momentum);
  keras::Adam<cairn::Variable<float, 2>> moved = std::move(copy);
  CHECK(moved.momentums.get<0>()[1] == momentum);
  moved = optimizer;
  CHECK(moved.momentums.get<0>()[1] == 6.0f);
  optimizer = std::move(moved);
  auto& [momentums] = optimizer.momentums;
  CHECK(momentums[0] == 5.0f);
}
