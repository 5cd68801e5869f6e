// Every optimizer, three of them with a learning rate schedule, and every loss, with Dense layers.
#include "interop/keras_training.hpp"

namespace keras = cairn::keras;
namespace schedules = cairn::keras::schedules;
using namespace cairn::test;

namespace {

template <auto activation>
using Model = keras::Sequential<keras::Dense<5, 4, keras::relu>, keras::Dense<4, 3, activation>>;
using Functional = keras::Functional<keras::Dense<5, 4, keras::tanh>, keras::Dense<4, 3>>;
using X = cairn::Variable<float, 6, 5>;
using Values = cairn::Variable<float, 6, 3>;
using Classes = cairn::Variable<std::int64_t, 6>;

Course<X, Values> values() {
  Course<X, Values> course;
  cairn::random::set_seed(3);
  course.x.assign(cairn::random::normal<float, 6, 5>());
  course.y.assign(cairn::random::normal<float, 6, 3>());
  return course;
}
Course<X, Values> shares() {
  Course<X, Values> course = values();
  course.y.assign(cairn::nn::softmax(course.y));
  return course;
}
Course<X, Classes> classes() {
  Course<X, Classes> course{.x = values().x, .y = {}, .half = {}, .full = {}, .losses = {}};
  course.y.assign({2, 1, 0, 0, 1, 2});
  return course;
}

void all(Verb verb, const std::filesystem::path& directory) {
  const keras::MeanSquaredError mse;
  using Linear = Model<keras::linear>;
  using Softmax = Model<keras::softmax>;
  go<Linear>(verb, directory, "sgd", keras::SGD<Linear>{.learning_rate = 0.05f}, mse, values());
  go<Linear>(verb, directory, "momentum", keras::SGD<Linear>{.learning_rate = 0.05f, .momentum = 0.9}, mse, values());
  go<Softmax>(verb, directory, "nesterov",
              keras::SGD<Softmax>{.learning_rate = 0.05f, .momentum = 0.8, .nesterov = true},
              keras::CategoricalCrossentropy{}, shares());
  go<Softmax>(verb, directory, "adam", keras::Adam<Softmax>{.learning_rate = 0.01f},
              keras::SparseCategoricalCrossentropy{}, classes());
  go<Linear>(
      verb, directory, "amsgrad",
      keras::Adam<Linear>{.learning_rate = 0.01f, .beta_1 = 0.8, .beta_2 = 0.99, .epsilon = 1e-5, .amsgrad = true},
      keras::CategoricalCrossentropy{.from_logits = true}, shares());
  go<Linear>(verb, directory, "adamw", keras::AdamW<Linear>{.learning_rate = 0.01f, .weight_decay = 0.1},
             keras::SparseCategoricalCrossentropy{.from_logits = true}, classes());
  go<Linear>(verb, directory, "rmsprop", keras::RMSprop<Linear>{.learning_rate = 0.01f}, mse, values());
  go<Linear>(verb, directory, "rmsprop_centered",
             keras::RMSprop<Linear>{.learning_rate = 0.01f, .rho = 0.8, .momentum = 0.5, .centered = true}, mse,
             values());
  go<Functional>(verb, directory, "exponential_decay",
                 keras::SGD<Functional, schedules::ExponentialDecay>{.learning_rate = {0.1, 3, 0.5}, .momentum = 0.9},
                 mse, values());
  go<Functional>(verb, directory, "cosine_decay",
                 keras::Adam<Functional, schedules::CosineDecay>{.learning_rate = {.initial_learning_rate = 0,
                                                                                   .decay_steps = 8,
                                                                                   .alpha = 0.1,
                                                                                   .warmup_target = 0.02,
                                                                                   .warmup_steps = 4}},
                 mse, values());
  go<Functional>(verb, directory, "piecewise_constant_decay",
                 keras::RMSprop<Functional, schedules::PiecewiseConstantDecay>{
                     .learning_rate = {.boundaries = {2, 6}, .values = {0.02, 0.01, 0.002}}},
                 mse, values());
  go<Functional>(verb, directory, "functional", keras::Adam<Functional>{.learning_rate = 0.01f}, mse, values());
}

}  // namespace

void read(const std::filesystem::path& directory) { all(Verb::read, directory); }
void write(const std::filesystem::path& directory) { all(Verb::write, directory); }
void resume(const std::filesystem::path& directory) { all(Verb::resume, directory); }
