// The gradients of two Variables are no three.
// expect: cairn: this list of gradients has no element of that index.
#include "cairn/ops/gradient_list.hpp"

using Gradient = cairn::Tensor<float, 2>;

float use(const cairn::GradientList<Gradient, Gradient>& gradients) {
#ifdef CAIRN_WRONG
  return gradients.get<2>()[0];
#else
  return gradients.get<1>()[0];
#endif
}
