// A loss compares along the last axis, and a scalar has none.
// expect: cairn: a loss takes predictions of at least one axis: what is compared.
#include "cairn/keras/losses.hpp"

#ifdef CAIRN_WRONG
using Prediction = cairn::Tensor<float>;
#else
using Prediction = cairn::Tensor<float, 1>;
#endif

auto use(const Prediction& target, const Prediction& prediction) {
  return cairn::keras::MeanSquaredError{}(target, prediction);
}
