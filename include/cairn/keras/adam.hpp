// Adam, with the arithmetic of Keras 3 (keras/src/optimizers/adam.py), float by float.
//
//   keras::Adam<decltype(model)> optimizer{.learning_rate = 0.001f};
//   optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
#pragma once

#include "adam_update.hpp"
#include "saved_optimizer.hpp"
#include "static_optimizer.hpp"

#include <cstdint>
#include <optional>

namespace cairn::keras {

// A plain struct: its state is its members. Model is the model's type: a layer, a Sequential, a plain struct of
// Variables, or one Variable. LearningRate is float, or a schedule (schedules.hpp). Not saved, as in Keras: a schedule,
// beta_1, beta_2, epsilon, amsgrad.
template <class Model, class LearningRate = float, Dialect dialect = Dialect::keras_3>
struct Adam {
  LearningRate learning_rate = detail::default_learning_rate<LearningRate>(0.001f);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::int64_t iterations = 0;  // steps done
  detail::Slots<Model> momentums{};
  detail::Slots<Model> velocities{};
  std::optional<detail::Slots<Model>> velocity_hats{};  // with amsgrad
  Built built{};

  // As the first step does, without one: from here on checkpoints hold the slots.
  template <class M>
  void build(M&& model) {
    detail::build(built, model, momentums);
  }

  // One step. `gradients` is what a tape gives for the model's trainable Variables; `model` the model or that list.
  // Throws Error (invalid_argument) when a dynamic extent of a gradient differs from its Variable's.
  template <class Gradients, class M>
  void apply_gradients(const Gradients& gradients, M&& model) {
    detail::apply_adam<dialect>(*this, 0, detail::step_of<detail::Slots<Model>>(gradients, model));
  }
};

template <class Model, class LearningRate, Dialect dialect>
struct detail::SlotLists<Adam<Model, LearningRate, dialect>>
    : detail::AdamSlotLists<Adam<Model, LearningRate, dialect>> {};

// As Keras 2 saves it (dialect.hpp).
namespace v2 {
template <class Model, class LearningRate = float>
using Adam = keras::Adam<Model, LearningRate, Dialect::keras_2>;
namespace legacy {
template <class Model, class LearningRate = float>
using Adam = keras::Adam<Model, LearningRate, Dialect::keras_2_legacy>;
}
}  // namespace v2

}  // namespace cairn::keras

template <class Model, class LearningRate, cairn::keras::Dialect dialect>
struct cairn::detail::Adapter<cairn::keras::Adam<Model, LearningRate, dialect>> {
  using type = keras::detail::OptimizerTypeOf<keras::Adam<Model, LearningRate, dialect>, Model, dialect>;
};
template <class Model, class LearningRate, cairn::keras::Dialect dialect>
struct cairn::detail::StaticForm<cairn::keras::Adam<Model, LearningRate, dialect>>
    : cairn::keras::detail::StaticOptimizer<cairn::keras::Adam<Model, LearningRate, dialect>, Model, dialect> {};
