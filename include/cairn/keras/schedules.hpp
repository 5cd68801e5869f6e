// schedules: learning rates that change from step to step, with the arithmetic of Keras 3
// (keras/src/optimizers/schedules), float by float.
//
//   namespace schedules = cairn::keras::schedules;
//   keras::Adam<decltype(model), schedules::CosineDecay> optimizer{
//       .learning_rate = {.initial_learning_rate = 0.01, .decay_steps = 1000}};
//
//   optimizer.learning_rate(optimizer.iterations)      // the learning rate of the next step
//
// A schedule is a plain struct, whose members have Keras' names and order. It is not saved, as in Keras: the iterations
// are saved, and the rate follows from them. A class of the user's own is a schedule, too, when it has
// `float operator()(std::int64_t step) const`, where `step` is the number of steps done before.
#pragma once

#include "../core/detail/refuse.hpp"
#include "../core/error.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace CAIRN_NAMESPACE::keras::schedules {

namespace detail {

// The number of steps as a float. Throws Error with ErrorCode::invalid_argument when it is not positive.
[[nodiscard]] inline float require_steps(std::int64_t steps, const char* name) {
  if (steps <= 0)
    throw Error(ErrorCode::invalid_argument, std::string("the ") + name + " of a learning rate schedule is " +
                                                 std::to_string(steps) + ", but must be at least 1");
  return static_cast<float>(steps);
}

template <class Schedule>
struct this_optimizer_has_a_number_as_its_rate {
  static_assert(
      !std::is_same_v<Schedule, Schedule>,
      "cairn: the learning rate of this optimizer is a number, unless a schedule's type is its second template "
      "argument: keras::Adam<Model, keras::schedules::CosineDecay>, likewise with the schedule that stands "
      "here.");
};
// Ends the compilation with the sentence above. Each schedule calls it when it is converted to a number.
template <class Schedule>
[[nodiscard]] float refuse_as_number() {
  static_cast<void>(core::detail::refuse<this_optimizer_has_a_number_as_its_rate<Schedule>>());
  return 0;
}

}  // namespace detail

// The rate is initial_learning_rate * decay_rate ^ (step / decay_steps).
struct ExponentialDecay {
  // decay_steps is the number of steps after which the rate is multiplied by decay_rate once.
  double initial_learning_rate;
  std::int64_t decay_steps;
  double decay_rate;
  bool staircase = false;  // true rounds the exponent down

  // Returns the rate after `step` steps. Throws Error with ErrorCode::invalid_argument when decay_steps is less than 1.
  [[nodiscard]] float operator()(std::int64_t step) const {
    float p = static_cast<float>(step) / detail::require_steps(decay_steps, "decay_steps");
    if (staircase) p = std::floor(p);
    return static_cast<float>(initial_learning_rate) * std::pow(static_cast<float>(decay_rate), p);
  }
  template <std::same_as<float> Number>
  operator Number() const {  // NOLINT(google-explicit-constructor): it refuses
    return detail::refuse_as_number<ExponentialDecay>();
  }
};

// The rate is values[i] up to and including step boundaries[i], and the last value after the last boundary.
struct PiecewiseConstantDecay {
  // The boundaries are numbers of steps, and rise; there is one value more than boundaries.
  std::vector<std::int64_t> boundaries;
  std::vector<double> values;

  // Returns the rate of the next step, after `step` steps. Throws Error with ErrorCode::invalid_argument when there is
  // no boundary, or not one value more than boundaries.
  [[nodiscard]] float operator()(std::int64_t step) const {
    if (boundaries.empty() || values.size() != boundaries.size() + 1)
      throw Error(ErrorCode::invalid_argument, "a PiecewiseConstantDecay has " + std::to_string(boundaries.size()) +
                                                   " boundaries and " + std::to_string(values.size()) +
                                                   " values; it needs a boundary, and one value more than boundaries");
    std::size_t piece = 0;
    while (piece < boundaries.size() && step > boundaries[piece]) ++piece;
    return static_cast<float>(values[piece]);
  }
  template <std::same_as<float> Number>
  operator Number() const {  // NOLINT(google-explicit-constructor): it refuses
    return detail::refuse_as_number<PiecewiseConstantDecay>();
  }
};

// The rate goes from initial_learning_rate to end_learning_rate in decay_steps steps, along (1 - step / decay_steps) ^
// power.
struct PolynomialDecay {
  // After decay_steps steps the rate stays at end_learning_rate, unless `cycle` is true.
  double initial_learning_rate;
  std::int64_t decay_steps;
  double end_learning_rate = 0.0001;
  double power = 1;
  bool cycle = false;  // true replaces decay_steps by the next multiple of decay_steps that is not less than `step`

  // Returns the rate after `step` steps. Throws Error with ErrorCode::invalid_argument when decay_steps is less than 1.
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
  template <std::same_as<float> Number>
  operator Number() const {  // NOLINT(google-explicit-constructor): it refuses
    return detail::refuse_as_number<PolynomialDecay>();
  }
};

// The rate is initial_learning_rate / (1 + decay_rate * step / decay_steps).
struct InverseTimeDecay {
  // After decay_steps steps the divisor has grown by decay_rate.
  double initial_learning_rate;
  std::int64_t decay_steps;
  double decay_rate;
  bool staircase = false;  // true rounds step / decay_steps down

  // Returns the rate after `step` steps. Throws Error with ErrorCode::invalid_argument when decay_steps is less than 1.
  [[nodiscard]] float operator()(std::int64_t step) const {
    float p = static_cast<float>(step) / detail::require_steps(decay_steps, "decay_steps");
    if (staircase) p = std::floor(p);
    return static_cast<float>(initial_learning_rate) / (1.0f + static_cast<float>(decay_rate) * p);
  }
  template <std::same_as<float> Number>
  operator Number() const {  // NOLINT(google-explicit-constructor): it refuses
    return detail::refuse_as_number<InverseTimeDecay>();
  }
};

// The rate goes down from initial_learning_rate to alpha times that, along half a cosine, in decay_steps steps. With a
// warmup_target, the rate first goes straight to that target in warmup_steps steps, and then along the cosine from the
// target.
struct CosineDecay {
  // alpha is a share of the rate, not a rate: 0.1 ends at a tenth.
  double initial_learning_rate;
  std::int64_t decay_steps;
  double alpha = 0;
  std::optional<double> warmup_target{};
  std::int64_t warmup_steps = 0;

  // Returns the rate after `step` steps. Throws Error with ErrorCode::invalid_argument when decay_steps is less than 1.
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
  template <std::same_as<float> Number>
  operator Number() const {  // NOLINT(google-explicit-constructor): it refuses
    return detail::refuse_as_number<CosineDecay>();
  }

 private:
  [[nodiscard]] float decayed(float completed_fraction, float from) const {
    const float cosine = 0.5f * (1.0f + std::cos(std::numbers::pi_v<float> * completed_fraction));
    return from * (static_cast<float>(1 - alpha) * cosine + static_cast<float>(alpha));
  }
};

// The rate goes down as with CosineDecay, again and again. The first time takes first_decay_steps steps; each further
// time takes t_mul times as many steps as the time before, and begins at m_mul times its rate.
struct CosineDecayRestarts {
  // alpha is a share of the rate, not a rate: 0.1 ends at a tenth.
  double initial_learning_rate;
  std::int64_t first_decay_steps;
  double t_mul = 2;
  double m_mul = 1;
  double alpha = 0;

  // Returns the rate after `step` steps. Throws Error with ErrorCode::invalid_argument when first_decay_steps is less than
  // 1.
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
  template <std::same_as<float> Number>
  operator Number() const {  // NOLINT(google-explicit-constructor): it refuses
    return detail::refuse_as_number<CosineDecayRestarts>();
  }
};

}  // namespace CAIRN_NAMESPACE::keras::schedules
