// Learning rates that change from step to step, as Keras 3's (keras/src/optimizers/schedules), float by float.
//
//   namespace schedules = cairn::keras::schedules;
//   keras::Adam<decltype(model), schedules::CosineDecay> optimizer{
//       .learning_rate = {.initial_learning_rate = 0.01, .decay_steps = 1000}};
//
//   optimizer.learning_rate(optimizer.iterations)      // what the next step is going to use
//
// Plain structs, with Keras' names in Keras' order. They are not saved, as in Keras: the iterations are, and the rate
// follows from them. A class of one's own is as good: an optimizer asks for `float operator()(std::int64_t step) const`
// alone. `step` is the number of steps that were done before.
//
// All of them throw Error (invalid_argument) when they are called with numbers that Keras refuses.
#pragma once

#include "../core/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

namespace cairn::keras::schedules {

namespace detail {

// The number of steps, which must be positive.
[[nodiscard]] inline float require_steps(std::int64_t steps, const char* name) {
  if (steps <= 0)
    throw Error(ErrorCode::invalid_argument, std::string("the ") + name + " of a learning rate schedule is " +
                                                 std::to_string(steps) + ", but must be at least 1");
  return static_cast<float>(steps);
}

}  // namespace detail

// initial_learning_rate * decay_rate ^ (step / decay_steps)
struct ExponentialDecay {
  double initial_learning_rate;
  std::int64_t decay_steps;
  double decay_rate;
  bool staircase = false;  // whole powers only

  [[nodiscard]] float operator()(std::int64_t step) const {
    float p = static_cast<float>(step) / detail::require_steps(decay_steps, "decay_steps");
    if (staircase) p = std::floor(p);
    return static_cast<float>(initial_learning_rate) * std::pow(static_cast<float>(decay_rate), p);
  }
};

// values[i] up to and including step boundaries[i]; the last of the values after the last of the boundaries.
struct PiecewiseConstantDecay {
  std::vector<std::int64_t> boundaries;
  std::vector<double> values;  // one more

  [[nodiscard]] float operator()(std::int64_t step) const {
    if (boundaries.empty() || values.size() != boundaries.size() + 1)
      throw Error(ErrorCode::invalid_argument, "a PiecewiseConstantDecay has " + std::to_string(boundaries.size()) +
                                                   " boundaries and " + std::to_string(values.size()) +
                                                   " values; it needs a boundary, and one value more than boundaries");
    std::size_t piece = 0;
    while (piece < boundaries.size() && step > boundaries[piece]) ++piece;
    return static_cast<float>(values[piece]);
  }
};

// From initial_learning_rate to end_learning_rate in decay_steps, along (1 - step / decay_steps) ^ power.
struct PolynomialDecay {
  double initial_learning_rate;
  std::int64_t decay_steps;
  double end_learning_rate = 0.0001;
  double power = 1;
  bool cycle = false;  // behind decay_steps again, over the next multiple of them that is not passed yet

  [[nodiscard]] float operator()(std::int64_t step) const {
    const float end = static_cast<float>(end_learning_rate);
    float steps = detail::require_steps(decay_steps, "decay_steps");
    float done = static_cast<float>(step);
    if (cycle)
      steps *= step == 0 ? 1.0f : std::ceil(done / steps);
    else
      done = std::min(done, steps);
    return (static_cast<float>(initial_learning_rate) - end) *
               std::pow(1.0f - done / steps, static_cast<float>(power)) +
           end;
  }
};

// initial_learning_rate / (1 + decay_rate * step / decay_steps)
struct InverseTimeDecay {
  double initial_learning_rate;
  std::int64_t decay_steps;
  double decay_rate;
  bool staircase = false;  // whole parts of decay_steps only

  [[nodiscard]] float operator()(std::int64_t step) const {
    float p = static_cast<float>(step) / detail::require_steps(decay_steps, "decay_steps");
    if (staircase) p = std::floor(p);
    return static_cast<float>(initial_learning_rate) / (1.0f + static_cast<float>(decay_rate) * p);
  }
};

// Half a cosine from initial_learning_rate down to alpha of it, in decay_steps. With a warmup_target first a straight
// line up to that, in warmup_steps, and the cosine from there.
struct CosineDecay {
  double initial_learning_rate;
  std::int64_t decay_steps;
  double alpha = 0;
  std::optional<double> warmup_target{};
  std::int64_t warmup_steps = 0;

  [[nodiscard]] float operator()(std::int64_t step) const {
    const float steps = detail::require_steps(decay_steps, "decay_steps");
    const float initial = static_cast<float>(initial_learning_rate);
    float done = static_cast<float>(step);
    if (!warmup_target) return decayed(std::min(done, steps) / steps, initial);
    const float target = static_cast<float>(*warmup_target);
    const float warmup = static_cast<float>(warmup_steps);
    done = std::min(done, steps + warmup);
    return done < warmup ? (target - initial) * (done / warmup) + initial : decayed((done - warmup) / steps, target);
  }

 private:
  [[nodiscard]] float decayed(float completed_fraction, float from) const {
    const float cosine = 0.5f * (1.0f + std::cos(std::numbers::pi_v<float> * completed_fraction));
    return from * (static_cast<float>(1 - alpha) * cosine + static_cast<float>(alpha));
  }
};

// CosineDecay again and again: each time over t_mul times as many steps, from m_mul times the rate.
struct CosineDecayRestarts {
  double initial_learning_rate;
  std::int64_t first_decay_steps;
  double t_mul = 2;
  double m_mul = 1;
  double alpha = 0;

  [[nodiscard]] float operator()(std::int64_t step) const {
    const float t = static_cast<float>(t_mul);
    const float least = static_cast<float>(alpha);
    float fraction = static_cast<float>(step) / detail::require_steps(first_decay_steps, "first_decay_steps");
    float restarts = 0;
    if (t == 1.0f) {
      restarts = std::floor(fraction);
      fraction -= restarts;
    } else {
      restarts = std::floor(std::log(1.0f - fraction * (1.0f - t)) / std::log(t));
      const float power = std::pow(t, restarts);
      fraction = (fraction - (1.0f - power) / (1.0f - t)) / power;
    }
    const float cosine =
        0.5f * std::pow(static_cast<float>(m_mul), restarts) * (1.0f + std::cos(std::numbers::pi_v<float> * fraction));
    return static_cast<float>(initial_learning_rate) * ((1.0f - least) * cosine + least);
  }
};

}  // namespace cairn::keras::schedules
