// Operands whose shapes do not broadcast.
// expect: ShapesOfOperandsFit<cairn::tensor::detail::Extent<10, 10>, cairn::tensor::detail::Extent<7>
// expect: cairn: the shapes of these two operands do not fit
#include "cairn/ops.hpp"

#ifdef CAIRN_WRONG
using Bias = cairn::Variable<float, 7>;
#else
using Bias = cairn::Variable<float, 10>;
#endif

void use(const cairn::Tensor<float, 10, 10>& x, const Bias& bias) { static_cast<void>(x + bias); }
