// A vector is no matrix: whether it is a row or a column, nobody said.
// expect: MatricesFit<
// expect: cairn: matmul takes two matrices, tensors of two axes each.
#include "cairn/ops/matmul.hpp"

#ifdef CAIRN_WRONG
using Input = cairn::Tensor<float, 3>;
#else
using Input = cairn::Tensor<float, 1, 3>;
#endif

auto use(const Input& x, const cairn::Tensor<float, 3, 2>& weights) { return cairn::matmul(x, weights); }
