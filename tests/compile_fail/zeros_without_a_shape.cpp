// Zeros of an extent that nobody names.
// expect: cairn: a tensor with a dynamic extent needs a shape
#include "cairn/ops/creation.hpp"

#ifdef CAIRN_WRONG
const auto zeros = cairn::zeros<float, cairn::dynamic, 10>();
#else
const cairn::Tensor<float, cairn::dynamic, 10> zeros(cairn::Shape{3, 10});
#endif
