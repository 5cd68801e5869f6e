// Nor can a Variable of integers be changed by a small step.
// expect: cairn: only Variables of floating-point elements have gradients.
#include "cairn/ops/gradient_tape.hpp"

#ifdef CAIRN_WRONG
using Weights = cairn::Variable<int, 3>;
#else
using Weights = cairn::Variable<float, 3>;
#endif

auto use(cairn::GradientTape& tape, const cairn::Tensor<float>& loss, const Weights& weights) {
  return tape.gradient(loss, weights);
}
