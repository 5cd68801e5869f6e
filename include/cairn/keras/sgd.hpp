// SGD, with the arithmetic of Keras 3 (keras/src/optimizers/sgd.py): with momentum, Nesterov's or plain, or without.
//
//   keras::SGD<decltype(model)> optimizer{.learning_rate = 0.01f, .momentum = 0.9};
#pragma once

#include "learning_rate.hpp"
#include "optimizer.hpp"
#include "saved_optimizer.hpp"
#include "static_optimizer.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace cairn::keras {

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

// A plain struct: its state is its members. Not saved, as in Keras: momentum, nesterov, and momentums without momentum
// (Keras 2 has them always; they are the last step then).
template <class Model, class LearningRate = float, Dialect dialect = Dialect::keras_3>
struct SGD {
  LearningRate learning_rate = detail::default_learning_rate<LearningRate>(0.01f);
  double momentum = 0;
  bool nesterov = false;
  std::int64_t iterations = 0;       // steps done
  detail::Slots<Model> momentums{};  // zero where momentum is
  Built built{};

  // As Adam's.
  template <class M>
  void build(M&& model) {
    detail::build(built, model, momentums);
  }
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
  [[nodiscard]] static std::vector<Hyper> hypers(SGD<Model, LearningRate, dialect>& optimizer) {
    return {{"momentum", &optimizer.momentum}};
  }
};

// As Keras 2 saves it (dialect.hpp).
namespace v2 {
template <class Model, class LearningRate = float>
using SGD = keras::SGD<Model, LearningRate, Dialect::keras_2>;
namespace legacy {
template <class Model, class LearningRate = float>
using SGD = keras::SGD<Model, LearningRate, Dialect::keras_2_legacy>;
}
}  // namespace v2

}  // namespace cairn::keras

template <class Model, class LearningRate, cairn::keras::Dialect dialect>
struct cairn::detail::Adapter<cairn::keras::SGD<Model, LearningRate, dialect>> {
  using type = keras::detail::OptimizerTypeOf<keras::SGD<Model, LearningRate, dialect>, Model, dialect>;
};
template <class Model, class LearningRate, cairn::keras::Dialect dialect>
struct cairn::detail::StaticForm<cairn::keras::SGD<Model, LearningRate, dialect>>
    : cairn::keras::detail::StaticOptimizer<cairn::keras::SGD<Model, LearningRate, dialect>, Model, dialect> {};
