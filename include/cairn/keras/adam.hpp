// Adam, with the arithmetic of Keras 3 (keras/src/optimizers/adam.py), float by float.
//
//   keras::Adam<decltype(model)> optimizer{.learning_rate = 0.001f};
//   optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
#pragma once

#include "../graph/members.hpp"
#include "optimizer.hpp"

#include <cmath>
#include <cstdint>

namespace cairn::keras {

// A plain struct: its state is its members. Model is the model's type: a layer, a Sequential, a plain struct of
// Variables, or one Variable. Not saved, as in Keras: beta_1, beta_2, epsilon.
template <class Model>
struct Adam {
  float learning_rate = 0.001f;
  double beta_1 = 0.9;  // double, as Python's numbers: 1 - beta_1 is computed before it is rounded to float
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::int64_t iterations = 0;  // steps done
  detail::Slots<Model> momentums{};
  detail::Slots<Model> velocities{};

  // One step. `gradients` is what a tape gives for the model's trainable Variables; `model` the model or that list.
  // Throws Error (invalid_argument) when a dynamic extent of a gradient differs from its Variable's.
  template <class Gradients, class M>
  void apply_gradients(const Gradients& gradients, M&& model) {
    const std::int64_t step = iterations + 1;
    const auto update = [&]<class T>(std::size_t size, T* weight, const T* g, T* m, T* v) {
      const T beta_1_power = std::pow(static_cast<T>(beta_1), static_cast<T>(step));
      const T beta_2_power = std::pow(static_cast<T>(beta_2), static_cast<T>(step));
      const T alpha = static_cast<T>(learning_rate) * std::sqrt(T{1} - beta_2_power) / (T{1} - beta_1_power);
      const T keep_1 = static_cast<T>(1 - beta_1);
      const T keep_2 = static_cast<T>(1 - beta_2);
      const T small = static_cast<T>(epsilon);
      for (std::size_t i = 0; i < size; ++i) {
        m[i] += (g[i] - m[i]) * keep_1;
        v[i] += (g[i] * g[i] - v[i]) * keep_2;
        weight[i] -= m[i] * alpha / (std::sqrt(v[i]) + small);
      }
    };
    detail::for_each_trainable(gradients, model, update, momentums, velocities);
    iterations = step;
  }
};

}  // namespace cairn::keras

template <class Model>
inline constexpr auto cairn::members<cairn::keras::Adam<Model>> = cairn::describe(cairn::not_saved<"beta_1">(),
                                                                                  cairn::not_saved<"beta_2">(),
                                                                                  cairn::not_saved<"epsilon">());
