// Matrices that cannot be multiplied.
// expect: MatricesFit<cairn::Tensor<float, 10, 784>, cairn::Variable<float, 10, 784>
// expect: cairn: matmul's matrices do not fit
#include "cairn/ops.hpp"

#ifdef CAIRN_WRONG
using Weights = cairn::Variable<float, 10, 784>;
#else
using Weights = cairn::Variable<float, 784, 10>;
#endif

void use(const cairn::Tensor<float, 10, 784>& x, const Weights& weights) {
  static_cast<void>(cairn::matmul(x, weights));
}
