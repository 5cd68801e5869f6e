// The learning rate of an optimizer: a number, which is saved, or a schedule (keras/schedules.hpp), which is not.
#pragma once

#include "../../core/detail/refuse.hpp"

#include <cstdint>
#include <type_traits>

namespace CAIRN_NAMESPACE::keras::detail {

template <class LearningRate>
inline constexpr bool is_schedule = std::is_invocable_r_v<float, const LearningRate&, std::int64_t>;

template <class LearningRate>
struct this_is_no_learning_rate {
  static_assert(!std::is_same_v<LearningRate, LearningRate>,
                "cairn: an optimizer's learning rate is a float, or a schedule: a class with `float "
                "operator()(std::int64_t step) const`, such as keras::schedules::CosineDecay.");
};

// What an optimizer has before it is told another: `number`, or the schedule's own default.
template <class LearningRate>
[[nodiscard]] LearningRate default_learning_rate(float number) {
  if constexpr (std::is_same_v<LearningRate, float>) {
    return number;
  } else {
    if constexpr (!is_schedule<LearningRate>)
      static_cast<void>(core::detail::refuse<this_is_no_learning_rate<LearningRate>>());
    return LearningRate{};
  }
}

// The rate of the optimizer's next step. Throws what the schedule throws.
template <class Optimizer>
[[nodiscard]] float next_rate(Optimizer& optimizer) {
  using LearningRate = decltype(optimizer.learning_rate);
  float rate = 0;
  if constexpr (is_schedule<LearningRate>)
    rate = optimizer.learning_rate(optimizer.iterations);
  else if constexpr (std::is_same_v<LearningRate, float>)
    rate = optimizer.learning_rate;
  else
    static_cast<void>(core::detail::refuse<this_is_no_learning_rate<LearningRate>>());
  return rate / (1.0f + static_cast<float>(optimizer.built.decay()) * static_cast<float>(optimizer.iterations));
}

}  // namespace CAIRN_NAMESPACE::keras::detail
