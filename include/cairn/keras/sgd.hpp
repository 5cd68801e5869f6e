// SGD: the optimizer, with the arithmetic of Keras 3 (keras/src/optimizers/sgd.py): without momentum, with momentum, or
// with Nesterov's momentum.
//
//   keras::SGD<decltype(model)> optimizer{.learning_rate = 0.01f, .momentum = 0.9};
#pragma once

#include "../core/detail/vec.hpp"
#include "detail/learning_rate.hpp"
#include "detail/optimizer.hpp"
#include "detail/saved_optimizer.hpp"
#include "detail/static_optimizer.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

template <Dialect dialect, class Optimizer, class Step>
void apply_sgd(Optimizer& optimizer, Step all) {
  const float learning_rate = next_rate(optimizer);
  const auto update = [&]<class T>(std::size_t size, T* weight, const Gradient<T>& g, T* m) {
    const T rate = static_cast<T>(learning_rate);
    const T factor = static_cast<T>(optimizer.momentum);
    for (std::size_t i = 0; i < size; ++i) {
      const T step = g[i] * rate;
      if (factor == T{0} && dialect != Dialect::keras_2) {
        weight[i] -= step;
      } else {
        m[i] = m[i] * factor - step;
        weight[i] += optimizer.nesterov ? m[i] * factor - step : m[i];
      }
    }
  };
  for_each_trainable(optimizer.built, std::move(all), update, optimizer.momentums);
  ++optimizer.iterations;
}

}  // namespace detail

// A plain struct, whose members are its state and its arguments. Model is the type of the model, LearningRate is float
// or the type of a schedule (schedules.hpp). A save leaves out momentum, nesterov and a schedule, as Keras does
// (keras::v2::legacy::SGD saves momentum). It leaves out `momentums`, too, where momentum is 0; keras::v2::SGD always
// saves them, as Keras 2 does: where momentum is 0 they are the last step. One thread at a time may use an optimizer.
template <class Model, class LearningRate = float, Dialect dialect = Dialect::keras_3>
struct SGD {
  // The arguments have Keras' names and defaults. Slots are zeros until the first step, and are saved once the
  // optimizer is built.
  LearningRate learning_rate = detail::default_learning_rate<LearningRate>(0.01f);
  double momentum = 0;
  bool nesterov = false;
  std::int64_t iterations = 0;       // the number of steps done
  detail::Slots<Model> momentums{};  // zeros where momentum is 0
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
    detail::apply_sgd<dialect>(*this, detail::step_of<detail::Slots<Model>>(gradients, model));
  }
};

template <class Model, class LearningRate, Dialect dialect>
struct detail::SlotLists<SGD<Model, LearningRate, dialect>> {
  static constexpr std::size_t interleaved = 1;
  static constexpr std::array names{SlotNames{"momentums", {"momentums"}, "momentum"}};
  template <class Visit>
  static void visit(SGD<Model, LearningRate, dialect>& optimizer, Visit visit) {
    visit(names[0], optimizer.momentums, optimizer.momentum != 0 || dialect == Dialect::keras_2);
  }
  [[nodiscard]] static core::detail::Vec<Hyper> hypers(SGD<Model, LearningRate, dialect>& optimizer) {
    return {{"momentum", &optimizer.momentum}};
  }
};

namespace v2 {
// An SGD that is saved as tf_keras.optimizers.SGD of Keras 2 is (dialect.hpp).
template <class Model, class LearningRate = float>
using SGD = keras::SGD<Model, LearningRate, Dialect::keras_2>;
namespace legacy {
// An SGD that is saved as tf_keras.optimizers.legacy.SGD of Keras 2 is (dialect.hpp).
template <class Model, class LearningRate = float>
using SGD = keras::SGD<Model, LearningRate, Dialect::keras_2_legacy>;
}  // namespace legacy
}  // namespace v2

}  // namespace CAIRN_NAMESPACE::keras
