// AdamW: Adam with weight decay. At each step every weight is made smaller by learning_rate * weight_decay times itself
// (keras/src/optimizers/adamw.py).
//
//   keras::AdamW<decltype(model)> optimizer{.learning_rate = 0.001f, .weight_decay = 0.004};
#pragma once

#include "detail/adam_update.hpp"
#include "detail/saved_optimizer.hpp"
#include "detail/static_optimizer.hpp"

#include <cstdint>
#include <optional>

namespace CAIRN_NAMESPACE::keras {

// A plain struct, whose members are its state and its arguments. Model is the type of the model, LearningRate is float
// or the type of a schedule (schedules.hpp). A save leaves out weight_decay, beta_1, beta_2, epsilon, amsgrad and a
// schedule, as Keras does. One thread at a time may use an optimizer.
template <class Model, class LearningRate = float, Dialect dialect = Dialect::keras_3>
struct AdamW {
  // The arguments have Keras' names and defaults. Slots are zeros until the first step, and are saved once the
  // optimizer is built. `momentums` are moving averages of gradients, `velocities` of their squares.
  LearningRate learning_rate = detail::default_learning_rate<LearningRate>(0.001f);
  double weight_decay = 0.004;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::int64_t iterations = 0;  // the number of steps done
  detail::Slots<Model> momentums{};
  detail::Slots<Model> velocities{};
  std::optional<detail::Slots<Model>> velocity_hats{};  // the largest velocities; only with amsgrad
  Built built{};

  // Builds the optimizer without a step: from here on checkpoints have its slots. Throws Error with
  // ErrorCode::failed_precondition when a pointer or optional of the model, behind which there are Variables, is empty.
  template <class M>
  void build(M&& model) {
    detail::build(built, model, momentums);
  }
  // Does one step with the gradients of the model's trainable Variables. Throws Error with ErrorCode::invalid_argument
  // when no Variable has a gradient, when a dynamic extent of a gradient differs from its Variable's, or when the
  // schedule refuses its numbers; ErrorCode::failed_precondition when a pointer or optional of the model is empty.
  // Nothing is changed then.
  template <class Gradients, class M>
  void apply_gradients(const Gradients& gradients, M&& model) {
    detail::apply_adam<dialect>(*this, weight_decay, detail::step_of<detail::Slots<Model>>(gradients, model));
  }
};

template <class Model, class LearningRate, Dialect dialect>
struct detail::SlotLists<AdamW<Model, LearningRate, dialect>>
    : detail::AdamSlotLists<AdamW<Model, LearningRate, dialect>> {};

namespace v2 {
// An AdamW that is saved as tf_keras.optimizers.AdamW of Keras 2 is (dialect.hpp).
template <class Model, class LearningRate = float>
using AdamW = keras::AdamW<Model, LearningRate, Dialect::keras_2>;
}  // namespace v2

}  // namespace CAIRN_NAMESPACE::keras
