// So does a Tensor.
// expect: cairn: a Tensor's elements must be numbers
#include "cairn/tensor/tensor.hpp"

struct Point {
  float x = 0;
};

#ifdef CAIRN_WRONG
cairn::Tensor<Point, 3> tensor;
#else
cairn::Tensor<float, 3> tensor;
#endif
