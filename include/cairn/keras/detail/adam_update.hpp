// The arithmetic of Adam and AdamW, as keras/src/optimizers/adam.py has it, float by float.
#pragma once

#include "../../core/detail/vec.hpp"
#include "learning_rate.hpp"
#include "optimizer.hpp"
#include "saved_optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

// The numbers of one step. double, as Python's numbers.
struct AdamStep {
  float learning_rate;
  double beta_1, beta_2, epsilon;
  double weight_decay;  // 0 without: AdamW's, taken from the weights before the step
  std::int64_t step;    // from 1
  Dialect dialect;

  // m, v: momentum and velocity; v_hat: the largest velocity so far, or null without amsgrad.
  template <class T>
  void update(std::size_t size, T* weight, const Gradient<T>& g, T* m, T* v, T* v_hat) const {
    const T rate = static_cast<T>(learning_rate);
    const T beta_1_power = std::pow(static_cast<T>(beta_1), static_cast<T>(step));
    const T beta_2_power = std::pow(static_cast<T>(beta_2), static_cast<T>(step));
    const T alpha = rate * std::sqrt(T{1} - beta_2_power) / (T{1} - beta_1_power);
    const T keep_1 = rest_of<T>(beta_1, dialect);
    const T keep_2 = rest_of<T>(beta_2, dialect);
    const T small = static_cast<T>(epsilon);
    const T decay = static_cast<T>(weight_decay);
    if (weight_decay != 0)
      for (std::size_t i = 0; i < size; ++i) weight[i] -= weight[i] * decay * rate;
    for (std::size_t i = 0; i < size; ++i) {
      m[i] += (g[i] - m[i]) * keep_1;
      v[i] += (g.square(i) - v[i]) * keep_2;
    }
    if (v_hat != nullptr) {
      for (std::size_t i = 0; i < size; ++i) v_hat[i] = std::max(v_hat[i], v[i]);
      v = v_hat;
    }
    for (std::size_t i = 0; i < size; ++i) weight[i] -= m[i] * alpha / (std::sqrt(v[i]) + small);
  }
};

// What Adam and AdamW do with their members.
template <Dialect dialect, class Optimizer, class Step>
void apply_adam(Optimizer& optimizer, double weight_decay, Step all) {
  const AdamStep step{next_rate(optimizer), optimizer.beta_1,         optimizer.beta_2, optimizer.epsilon,
                      weight_decay,         optimizer.iterations + 1, dialect};
  if (optimizer.amsgrad && !optimizer.velocity_hats) optimizer.velocity_hats.emplace();
  const auto update = [&]<class T>(std::size_t size, T* weight, Gradient<T> g, T* m, T* v, T* v_hat) {
    if (dialect != Dialect::keras_3) g.squares = nullptr;
    step.update(size, weight, g, m, v, optimizer.amsgrad ? v_hat : nullptr);
  };
  for_each_trainable(optimizer.built, std::move(all), update, optimizer.momentums, optimizer.velocities,
                     optimizer.velocity_hats);
  ++optimizer.iterations;
}

// Their slots, as SlotLists asks for them.
template <class Optimizer>
struct AdamSlotLists {
  static constexpr std::size_t interleaved = 2;
  static constexpr std::array names{SlotNames{"_momentums", {"momentums"}, "m"},
                                    SlotNames{"_velocities", {"velocities"}, "v"},
                                    SlotNames{"_velocity_hats", {"velocity_hats"}, "vhat"}};
  template <class Visit>
  static void visit(Optimizer& optimizer, Visit visit) {
    visit(names[0], optimizer.momentums, true);
    visit(names[1], optimizer.velocities, true);
    if (optimizer.amsgrad) visit(names[2], optimizer.velocity_hats, true);
  }
  [[nodiscard]] static core::detail::Vec<Hyper> hypers(Optimizer& optimizer) {
    return {{"beta_1", &optimizer.beta_1}, {"beta_2", &optimizer.beta_2}};
  }
};

}  // namespace CAIRN_NAMESPACE::keras::detail
