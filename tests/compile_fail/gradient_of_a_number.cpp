// A plain number does not know what it was computed from.
// expect: cairn: a loss is a Tensor, the result of operations.
#include "cairn/ops/gradient_tape.hpp"

#ifdef CAIRN_WRONG
using Loss = float;
#else
using Loss = cairn::Tensor<float>;
#endif

auto use(cairn::GradientTape& tape, const Loss& loss, const cairn::Variable<float, 3>& weights) {
  return tape.gradient(loss, weights);
}
