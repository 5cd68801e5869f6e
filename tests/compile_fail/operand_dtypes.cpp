// Operands of different element types: nothing is cast silently.
// expect: OperandsHaveOneDType<float, double
// expect: cairn: the operands have different element types
#include "cairn/ops.hpp"

#ifdef CAIRN_WRONG
using Bias = cairn::Variable<double, 10>;
#else
using Bias = cairn::Variable<float, 10>;
#endif

void use(const cairn::Tensor<float, 10, 10>& x, const Bias& bias) { static_cast<void>(x + bias); }
