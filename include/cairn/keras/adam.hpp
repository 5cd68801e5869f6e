// Adam: the optimizer, with the arithmetic of Keras 3 (keras/src/optimizers/adam.py), float by float.
//
//   keras::Adam<decltype(model)> optimizer{.learning_rate = 0.001f};
//   optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
#pragma once

#include "detail/adam_update.hpp"
#include "detail/saved_optimizer.hpp"
#include "detail/static_optimizer.hpp"

#include <cstdint>
#include <optional>

namespace CAIRN_NAMESPACE::keras {

// A plain struct, whose members are its state and its arguments. Model is the type of the model: a layer, a Sequential,
// a plain struct of Variables, or a Variable. LearningRate is float, or the type of a schedule (schedules.hpp). A save
// leaves out beta_1, beta_2, epsilon, amsgrad and a schedule, as Keras does (keras::v2::legacy::Adam saves beta_1 and
// beta_2). One thread at a time may use an optimizer.
template <class Model, class LearningRate = float, Dialect dialect = Dialect::keras_3>
struct Adam {
  // The arguments have Keras' names and defaults. Slots are zeros until the first step, and are saved once the
  // optimizer is built. `momentums` are moving averages of gradients, `velocities` of their squares.
  LearningRate learning_rate = detail::default_learning_rate<LearningRate>(0.001f);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::int64_t iterations = 0;  // the number of steps done
  detail::Slots<Model> momentums{};
  detail::Slots<Model> velocities{};
  std::optional<detail::Slots<Model>> velocity_hats{};  // the largest velocities; only with amsgrad
  Built built{};

  // Builds the optimizer for the Variables of `model` (or of a list of them) without a step: from here on checkpoints
  // have its slots. The first apply_gradients does it, too. Throws Error with ErrorCode::failed_precondition when a
  // pointer or optional of the model, behind which there are Variables, is empty.
  template <class M>
  void build(M&& model) {
    detail::build(built, model, momentums);
  }

  // Does one step. `gradients` are the result of tape.gradient(loss, variables), or a tuple of such tensors, and
  // `model` is the model or its list of trainable Variables. A Variable that is not trainable(), or that the loss does
  // not depend on, is not changed. Throws Error with ErrorCode::invalid_argument when no Variable has a gradient, when
  // a dynamic extent of a gradient differs from its Variable's, or when the schedule refuses its numbers;
  // ErrorCode::failed_precondition when a pointer or optional of the model is empty. Nothing is changed then.
  template <class Gradients, class M>
  void apply_gradients(const Gradients& gradients, M&& model) {
    detail::apply_adam<dialect>(*this, 0, detail::step_of<detail::Slots<Model>>(gradients, model));
  }
};

template <class Model, class LearningRate, Dialect dialect>
struct detail::SlotLists<Adam<Model, LearningRate, dialect>>
    : detail::AdamSlotLists<Adam<Model, LearningRate, dialect>> {};

namespace v2 {
// An Adam that is saved as tf_keras.optimizers.Adam of Keras 2 is (dialect.hpp).
template <class Model, class LearningRate = float>
using Adam = keras::Adam<Model, LearningRate, Dialect::keras_2>;
namespace legacy {
// An Adam that is saved as tf_keras.optimizers.legacy.Adam of Keras 2 is (dialect.hpp).
template <class Model, class LearningRate = float>
using Adam = keras::Adam<Model, LearningRate, Dialect::keras_2_legacy>;
}  // namespace legacy
}  // namespace v2

}  // namespace CAIRN_NAMESPACE::keras
