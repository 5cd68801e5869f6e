// Integers do not change by small steps.
// expect: cairn: only a loss of floating-point elements has gradients.
#include "cairn/ops/gradient_tape.hpp"

#ifdef CAIRN_WRONG
using Loss = cairn::Tensor<int>;
#else
using Loss = cairn::Tensor<float>;
#endif

auto use(cairn::GradientTape& tape, const Loss& loss, const cairn::Variable<float, 3>& weights) {
  return tape.gradient(loss, weights);
}
