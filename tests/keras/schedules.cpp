// Learning rate schedules: the rates that Keras computes (schedules/make.py), and what checkpoints hold of them.
#include "cairn/keras/schedules.hpp"

#include <doctest/doctest.h>

#include "cairn/checkpoint.hpp"
#include "cairn/edit/variables.hpp"
#include "cairn/keras.hpp"
#include "cairn/ops.hpp"
#include "keras/schedules/expected.hpp"
#include "support/errors.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace keras = cairn::keras;
namespace schedules = cairn::keras::schedules;
using cairn::ErrorCode;
using cairn::test::code_of;
using namespace cairn::literals;

namespace {

using Model = keras::Dense<3, 2>;
constexpr schedules::CosineDecay cosine{.initial_learning_rate = 0.25, .decay_steps = 8};

// A float's rounding where the rate is nearly as large as at first, and of that where it is much smaller.
template <class Schedule>
void check_rates(const Schedule& schedule, const std::array<float, expected::steps.size()>& rates) {
  const double largest = static_cast<double>(*std::max_element(rates.begin(), rates.end()));
  for (std::size_t i = 0; i < rates.size(); ++i) {
    CAPTURE(expected::steps[i]);
    const double rate = static_cast<double>(rates[i]);
    CHECK(std::abs(static_cast<double>(schedule(expected::steps[i])) - rate) <= 1e-6 * rate + 1e-7 * largest);
  }
}

template <class Optimizer>
void step(Model& model, Optimizer& optimizer) {
  const cairn::Tensor<float, 2, 3> x{{1, 2, 3}, {-1, 0.5f, 2}};
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_sum(cairn::square(model(x)));
  optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
}

// One step, saved; all keys without their common ending.
template <class Optimizer>
std::vector<std::string> saved_keys(Optimizer optimizer, const std::string& path) {
  Model model;
  step(model, optimizer);
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  std::vector<std::string> keys;
  for (const auto& [key, shape] : cairn::list_variables(checkpoint.write(path)))
    if (key.starts_with("optimizer/")) keys.push_back(key.substr(0, key.find("/.ATTR")));
  return keys;
}
template <class Optimizer>
cairn::LoadStatus restore(Optimizer& optimizer, const std::string& path) {
  Model model;
  optimizer.build(model);
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  return checkpoint.read(path);
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("every schedule gives the rates that Keras' gives") {
  check_rates(schedules::ExponentialDecay{.initial_learning_rate = 0.1, .decay_steps = 70, .decay_rate = 0.93},
              expected::exponential_decay);
  check_rates(schedules::ExponentialDecay{0.1, 50, 0.5, true}, expected::exponential_decay_staircase);
  check_rates(schedules::PiecewiseConstantDecay{.boundaries = {100, 300}, .values = {0.1, 0.03, 0.01}},
              expected::piecewise_constant_decay);
  check_rates(schedules::PolynomialDecay{.initial_learning_rate = 0.1, .decay_steps = 500}, expected::polynomial_decay);
  check_rates(schedules::PolynomialDecay{0.1, 300, 0.001, 0.5, true}, expected::polynomial_decay_cycle);
  check_rates(schedules::InverseTimeDecay{.initial_learning_rate = 0.1, .decay_steps = 30, .decay_rate = 0.7},
              expected::inverse_time_decay);
  check_rates(schedules::InverseTimeDecay{0.1, 50, 0.7, true}, expected::inverse_time_decay_staircase);
  check_rates(schedules::CosineDecay{.initial_learning_rate = 0.01, .decay_steps = 1000}, expected::cosine_decay);
  check_rates(
      schedules::CosineDecay{
          .initial_learning_rate = 0.0, .decay_steps = 500, .alpha = 0.1, .warmup_target = 0.02, .warmup_steps = 100},
      expected::cosine_decay_warmup);
  check_rates(schedules::CosineDecayRestarts{.initial_learning_rate = 0.01, .first_decay_steps = 100},
              expected::cosine_decay_restarts);
  check_rates(schedules::CosineDecayRestarts{0.01, 100, 1.0, 0.9, 0.05}, expected::cosine_decay_restarts_equal);
  check_rates(schedules::CosineDecayRestarts{0.01, 100, 1.5, 0.8, 0.1}, expected::cosine_decay_restarts_longer);
}

TEST_CASE("numbers that Keras refuses are refused before the step changes anything") {
  Model model;
  keras::SGD<Model, schedules::ExponentialDecay> optimizer{.learning_rate = {0.1, 0, 0.5}};
  const float before = model.kernel(0, 0);
  CHECK(code_of([&] { step(model, optimizer); }) == ErrorCode::invalid_argument);
  CHECK(model.kernel(0, 0) == before);
  CHECK(optimizer.iterations == 0);
  CHECK(code_of([] { static_cast<void>(schedules::PiecewiseConstantDecay{{1, 2}, {0.1, 0.2}}(1)); }) ==
        ErrorCode::invalid_argument);
  CHECK(code_of([] { static_cast<void>(schedules::CosineDecayRestarts{0.1, -1}(1)); }) == ErrorCode::invalid_argument);
}

TEST_CASE("a step takes the rate of the steps before it, with every optimizer") {
  const auto compare = [](auto by_schedule, auto by_hand) {
    Model model, other;
    other = model;
    for (int i = 0; i < 4; ++i) {
      by_hand.learning_rate = by_schedule.learning_rate(i);
      step(model, by_schedule);
      step(other, by_hand);
    }
    CHECK(std::equal(model.kernel.data(), model.kernel.data() + 6, other.kernel.data()));
  };
  compare(keras::SGD<Model, schedules::CosineDecay>{.learning_rate = cosine}, keras::SGD<Model>{});
  compare(keras::Adam<Model, schedules::CosineDecay>{.learning_rate = cosine}, keras::Adam<Model>{});
  compare(keras::AdamW<Model, schedules::CosineDecay>{.learning_rate = cosine}, keras::AdamW<Model>{});
  compare(keras::RMSprop<Model, schedules::CosineDecay>{.learning_rate = cosine}, keras::RMSprop<Model>{});
  const auto own = [](std::int64_t step) { return 0.5f / static_cast<float>(1 + step); };
  compare(keras::SGD<Model, decltype(own)>{.learning_rate = own}, keras::SGD<Model>{});
}

TEST_CASE("a checkpoint holds what Keras' holds of an optimizer with a schedule, and nothing of the schedule") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = (scratch.path() / "ckpt").string();
  CHECK(saved_keys(keras::SGD<Model, schedules::CosineDecay>{.learning_rate = cosine, .momentum = 0.5}, path) ==
        Keys{"optimizer/_iterations", "optimizer/_variables/1", "optimizer/_variables/2"});
  keras::SGD<Model, schedules::CosineDecay> optimizer{.learning_rate = cosine, .momentum = 0.5};
  CHECK_NOTHROW(restore(optimizer, path).assert_consumed());
  CHECK(optimizer.iterations == 1);
  CHECK(optimizer.momentums.get<0>()(0, 0) != 0);

  CHECK(saved_keys(keras::v2::SGD<Model, schedules::CosineDecay>{.learning_rate = cosine}, path) ==
        Keys{"optimizer/_current_learning_rate", "optimizer/_iterations", "optimizer/_variables/1",
             "optimizer/_variables/2"});
  CHECK(cairn::load_variable(path, "optimizer/_current_learning_rate/.ATTRIBUTES/VARIABLE_VALUE").scalar<float>() ==
        cosine(0));
  keras::v2::SGD<Model, schedules::CosineDecay> second{.learning_rate = cosine};
  CHECK_NOTHROW(restore(second, path).assert_consumed());
  CHECK_NOTHROW(restore(optimizer, path).assert_consumed());

  CHECK(saved_keys(keras::v2::legacy::SGD<Model, schedules::CosineDecay>{.learning_rate = cosine}, path) ==
        Keys{"optimizer/decay", "optimizer/iter", "optimizer/momentum"});
  keras::v2::legacy::SGD<Model, schedules::CosineDecay> legacy{.learning_rate = cosine};
  CHECK_NOTHROW(restore(legacy, path).assert_consumed());
}

TEST_CASE("a learning rate that only the checkpoint or only the program has is listed") {
  const cairn::test::ScratchDirectory scratch;
  const std::string of_schedule = (scratch.path() / "schedule").string(), number = (scratch.path() / "number").string();
  saved_keys(keras::Adam<Model, schedules::CosineDecay>{.learning_rate = cosine}, of_schedule);
  saved_keys(keras::Adam<Model>{.learning_rate = 0.5f}, number);

  keras::Adam<Model> with_number{.learning_rate = 0.125f};
  const cairn::LoadStatus status = restore(with_number, of_schedule);
  CHECK(status.only_in_program() == Keys{"optimizer._learning_rate"});
  CHECK(status.only_in_checkpoint().empty());
  CHECK(code_of([&] { status.assert_consumed(); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { status.assert_existing_objects_matched(); }) == ErrorCode::failed_precondition);
  CHECK(with_number.learning_rate == 0.125f);
  CHECK(with_number.velocities.get<0>()(0, 0) != 0);

  keras::Adam<Model, schedules::CosineDecay> with_schedule{.learning_rate = cosine};
  const cairn::LoadStatus other = restore(with_schedule, number);
  CHECK(other.only_in_checkpoint() == Keys{"optimizer._learning_rate"});
  CHECK(other.only_in_program().empty());
  CHECK(with_schedule.velocities.get<0>()(0, 0) != 0);

  saved_keys(keras::v2::Adam<Model, schedules::CosineDecay>{.learning_rate = cosine}, of_schedule);
  keras::v2::Adam<Model> second;
  const cairn::LoadStatus of_keras_2 = restore(second, of_schedule);
  CHECK(of_keras_2.only_in_program() == Keys{"optimizer._learning_rate"});
  CHECK(of_keras_2.only_in_checkpoint() == Keys{"optimizer._current_learning_rate"});
}

TEST_CASE("the decay of Keras 2's legacy optimizers is kept by them, and refused by others") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = (scratch.path() / "ckpt").string();
  keras::v2::legacy::SGD<Model> decayed{.learning_rate = 0.5f};
  decayed.built.decay() = 0.25;
  saved_keys(decayed, path);
  keras::v2::legacy::SGD<Model> legacy;
  CHECK_NOTHROW(restore(legacy, path).assert_consumed());
  CHECK(legacy.built.decay() == 0.25);

  keras::SGD<Model, schedules::InverseTimeDecay> by_schedule{.learning_rate = {0.5, 1, 0.25}, .iterations = 1};
  Model model, other;
  other = model;
  step(model, legacy);
  step(other, by_schedule);
  CHECK(std::equal(model.kernel.data(), model.kernel.data() + 6, other.kernel.data()));

  keras::v2::SGD<Model> none;
  CHECK(code_of([&] { restore(none, path); }) == ErrorCode::unimplemented);
}
