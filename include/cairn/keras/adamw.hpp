// AdamW: Adam, and every weight shrinks by a part of itself at each step (keras/src/optimizers/adamw.py).
//
//   keras::AdamW<decltype(model)> optimizer{.learning_rate = 0.001f, .weight_decay = 0.004};
#pragma once

#include "adam_update.hpp"
#include "saved_optimizer.hpp"
#include "static_optimizer.hpp"

#include <cstdint>
#include <optional>

namespace cairn::keras {

// As Adam. Not saved, as in Keras: weight_decay, beta_1, beta_2, epsilon, amsgrad.
template <class Model, class LearningRate = float, Dialect dialect = Dialect::keras_3>
struct AdamW {
  LearningRate learning_rate = detail::default_learning_rate<LearningRate>(0.001f);
  double weight_decay = 0.004;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::int64_t iterations = 0;  // steps done
  detail::Slots<Model> momentums{};
  detail::Slots<Model> velocities{};
  std::optional<detail::Slots<Model>> velocity_hats{};  // with amsgrad
  Built built{};

  // As Adam's.
  template <class M>
  void build(M&& model) {
    detail::build(built, model, momentums);
  }
  template <class Gradients, class M>
  void apply_gradients(const Gradients& gradients, M&& model) {
    detail::apply_adam<dialect>(*this, weight_decay, detail::step_of<detail::Slots<Model>>(gradients, model));
  }
};

template <class Model, class LearningRate, Dialect dialect>
struct detail::SlotLists<AdamW<Model, LearningRate, dialect>>
    : detail::AdamSlotLists<AdamW<Model, LearningRate, dialect>> {};

// As Keras 2 saves it (dialect.hpp).
namespace v2 {
template <class Model, class LearningRate = float>
using AdamW = keras::AdamW<Model, LearningRate, Dialect::keras_2>;
}  // namespace v2

}  // namespace cairn::keras

template <class Model, class LearningRate, cairn::keras::Dialect dialect>
struct cairn::detail::Adapter<cairn::keras::AdamW<Model, LearningRate, dialect>> {
  using type = keras::detail::OptimizerTypeOf<keras::AdamW<Model, LearningRate, dialect>, Model, dialect>;
};
template <class Model, class LearningRate, cairn::keras::Dialect dialect>
struct cairn::detail::StaticForm<cairn::keras::AdamW<Model, LearningRate, dialect>>
    : cairn::keras::detail::StaticOptimizer<cairn::keras::AdamW<Model, LearningRate, dialect>, Model, dialect> {};
