// SGD, with the arithmetic of Keras 3 (keras/src/optimizers/sgd.py): with momentum, Nesterov's or plain, or without.
//
//   keras::SGD<decltype(model)> optimizer{.learning_rate = 0.01f, .momentum = 0.9};
#pragma once

#include "../graph/members.hpp"
#include "optimizer.hpp"

#include <cstdint>

namespace cairn::keras {

// A plain struct: its state is its members. Not saved, as in Keras: momentum, nesterov.
template <class Model>
struct SGD {
  float learning_rate = 0.01f;
  double momentum = 0;
  bool nesterov = false;
  std::int64_t iterations = 0;       // steps done
  detail::Slots<Model> momentums{};  // zero where momentum is

  // As Adam's.
  template <class Gradients, class M>
  void apply_gradients(const Gradients& gradients, M&& model) {
    const auto update = [&]<class T>(std::size_t size, T* weight, const T* g, T* m) {
      const T rate = static_cast<T>(learning_rate);
      const T factor = static_cast<T>(momentum);
      for (std::size_t i = 0; i < size; ++i) {
        const T step = g[i] * rate;
        if (factor == T{0}) {
          weight[i] -= step;
        } else {
          m[i] = m[i] * factor - step;
          weight[i] += nesterov ? m[i] * factor - step : m[i];
        }
      }
    };
    detail::for_each_trainable(gradients, model, update, momentums);
    ++iterations;
  }
};

}  // namespace cairn::keras

template <class Model>
inline constexpr auto cairn::members<cairn::keras::SGD<Model>> = cairn::describe(cairn::not_saved<"momentum">(),
                                                                                 cairn::not_saved<"nesterov">());
