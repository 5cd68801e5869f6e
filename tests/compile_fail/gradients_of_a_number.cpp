// Nor does it when the gradients of several Variables are asked for.
// expect: cairn: a loss is a Tensor, the result of operations.
#include "cairn/ops/gradient_tape.hpp"

#include <tuple>

#ifdef CAIRN_WRONG
using Loss = float;
#else
using Loss = cairn::Tensor<float>;
#endif
using Weights = cairn::Variable<float, 3>;

auto use(cairn::GradientTape& tape, const Loss& loss, const Weights& a, const Weights& b) {
  return tape.gradient(loss, std::tie(a, b));
}
