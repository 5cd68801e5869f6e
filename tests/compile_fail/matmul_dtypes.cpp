// Matrices of float and double.
// expect: MatricesFit<
// expect: cairn: matmul's matrices have different element types, and nothing is cast silently
#include "cairn/ops/matmul.hpp"

#ifdef CAIRN_WRONG
using Input = cairn::Tensor<double, 1, 3>;
#else
using Input = cairn::Tensor<float, 1, 3>;
#endif

auto use(const Input& x, const cairn::Tensor<float, 3, 2>& weights) { return cairn::matmul(x, weights); }
