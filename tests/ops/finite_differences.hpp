// Gradients by trying: what a tape says must be how the loss changes when one element does.
#pragma once

#include "cairn/ops/gradient_tape.hpp"

#include <doctest/doctest.h>

#include <cstddef>

namespace cairn::test {

// `loss()` is a scalar computed from `variable`, of double elements. Central differences are good to about 1e-9 here.
template <class V, class Loss>
void check_gradient(V& variable, Loss loss) {
  GradientTape tape;
  const auto value = loss();
  const auto gradient = tape.gradient(value, variable);
  const double step = 1e-5;
  for (std::size_t i = 0; i < variable.size(); ++i) {
    CAPTURE(i);
    const double before = variable.data()[i];
    variable.data()[i] = before + step;
    const double above = loss();
    variable.data()[i] = before - step;
    const double below = loss();
    variable.data()[i] = before;
    CHECK(gradient.data()[i] == doctest::Approx((above - below) / (2 * step)).epsilon(1e-7));
  }
}

}  // namespace cairn::test
