// RMSprop: the optimizer, with the arithmetic of Keras 3 (keras/src/optimizers/rmsprop.py), float by float.
//
//   keras::RMSprop<decltype(model)> optimizer{.learning_rate = 0.001f, .rho = 0.9, .momentum = 0.5, .centered = true};
#pragma once

#include "../core/detail/vec.hpp"
#include "detail/learning_rate.hpp"
#include "detail/optimizer.hpp"
#include "detail/saved_optimizer.hpp"
#include "detail/static_optimizer.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

template <Dialect dialect, class Optimizer, class Step>
void apply_rmsprop(Optimizer& optimizer, Step all) {
  const float learning_rate = next_rate(optimizer);
  if (optimizer.momentum > 0 && !optimizer.momentums) optimizer.momentums.emplace();
  if (optimizer.centered && !optimizer.average_gradients) optimizer.average_gradients.emplace();
  const auto update = [&]<class T>(std::size_t size, T* weight, Gradient<T> g, T* v, T* m, T* average) {
    if (dialect != Dialect::keras_3) g.squares = nullptr;
    const T rate = static_cast<T>(learning_rate);
    const T keep = static_cast<T>(optimizer.rho);
    const T take = rest_of<T>(optimizer.rho, dialect);
    const T small = static_cast<T>(optimizer.epsilon);
    const T factor = static_cast<T>(optimizer.momentum);
    const bool adds_epsilon_last = dialect == Dialect::keras_2_legacy && !(optimizer.momentum > 0);
    for (std::size_t i = 0; i < size; ++i) {
      v[i] = keep * v[i] + take * g.square(i);
      T square = v[i];
      if (optimizer.centered) {
        average[i] = keep * average[i] + take * g[i];
        square -= average[i] * average[i];
      }
      T step = rate * g[i] / (adds_epsilon_last ? std::sqrt(square) + small : std::sqrt(square + small));
      if (optimizer.momentum > 0) step = m[i] = factor * m[i] + step;
      weight[i] -= step;
    }
  };
  for_each_trainable(optimizer.built, std::move(all), update, optimizer.velocities, optimizer.momentums,
                     optimizer.average_gradients);
  ++optimizer.iterations;
}

}  // namespace detail

// A plain struct, whose members are its state and its arguments. Model is the type of the model, LearningRate is float
// or the type of a schedule (schedules.hpp). A save leaves out rho, momentum, epsilon, centered and a schedule, as
// Keras does (keras::v2::legacy::RMSprop saves momentum and rho). One thread at a time may use an optimizer.
template <class Model, class LearningRate = float, Dialect dialect = Dialect::keras_3>
struct RMSprop {
  // The arguments have Keras' names and defaults. Slots are zeros until the first step, and are saved once the
  // optimizer is built. `velocities` are moving averages of the squares of gradients.
  LearningRate learning_rate = detail::default_learning_rate<LearningRate>(0.001f);
  double rho = 0.9;
  double momentum = 0;
  double epsilon = 1e-7;
  bool centered = false;
  std::int64_t iterations = 0;  // the number of steps done
  detail::Slots<Model> velocities{};
  std::optional<detail::Slots<Model>> momentums{};          // only where momentum is above 0
  std::optional<detail::Slots<Model>> average_gradients{};  // only where centered is true
  Built built{};

  // Builds the optimizer without a step: from here on checkpoints have its slots. Throws Error with
  // ErrorCode::failed_precondition when a pointer or optional of the model, behind which there are Variables, is empty.
  template <class M>
  void build(M&& model) {
    detail::build(built, model, velocities);
  }
  // Does one step with the gradients of the model's trainable Variables. Throws Error with ErrorCode::invalid_argument
  // when no Variable has a gradient, when a dynamic extent of a gradient differs from its Variable's, or when the
  // schedule refuses its numbers; ErrorCode::failed_precondition when a pointer or optional of the model is empty.
  // Nothing is changed then.
  template <class Gradients, class M>
  void apply_gradients(const Gradients& gradients, M&& model) {
    detail::apply_rmsprop<dialect>(*this, detail::step_of<detail::Slots<Model>>(gradients, model));
  }
};

template <class Model, class LearningRate, Dialect dialect>
struct detail::SlotLists<RMSprop<Model, LearningRate, dialect>> {
  static constexpr std::size_t interleaved = 1;
  static constexpr std::array names{SlotNames{"_velocities", {"velocities"}, "rms"},
                                    SlotNames{"_momentums", {"momentums"}, "momentum"},
                                    SlotNames{"_average_gradients", {"average_gradients"}, "mg"}};
  template <class Visit>
  static void visit(RMSprop<Model, LearningRate, dialect>& optimizer, Visit visit) {
    visit(names[0], optimizer.velocities, true);
    visit(names[1], optimizer.momentums, optimizer.momentum > 0);
    visit(names[2], optimizer.average_gradients, optimizer.centered);
  }
  [[nodiscard]] static core::detail::Vec<Hyper> hypers(RMSprop<Model, LearningRate, dialect>& optimizer) {
    return {{"momentum", &optimizer.momentum}, {"rho", &optimizer.rho}};
  }
};

namespace v2 {
// An RMSprop that is saved as tf_keras.optimizers.RMSprop of Keras 2 is (dialect.hpp).
template <class Model, class LearningRate = float>
using RMSprop = keras::RMSprop<Model, LearningRate, Dialect::keras_2>;
namespace legacy {
// An RMSprop that is saved as tf_keras.optimizers.legacy.RMSprop of Keras 2 is (dialect.hpp).
template <class Model, class LearningRate = float>
using RMSprop = keras::RMSprop<Model, LearningRate, Dialect::keras_2_legacy>;
}  // namespace legacy
}  // namespace v2

}  // namespace CAIRN_NAMESPACE::keras
