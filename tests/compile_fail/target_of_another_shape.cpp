// A loss whose target has another shape than the prediction.
// expect: this_target_does_not_fit<
// expect: cairn: this target does not fit to this prediction.
#include "cairn/keras/losses.hpp"

#ifdef CAIRN_WRONG
using Target = cairn::Tensor<float, 5, 3>;
#else
using Target = cairn::Tensor<float, 5, 4>;
#endif

cairn::Tensor<float> use(const Target& target, const cairn::Tensor<float, 5, 4>& prediction) {
  return cairn::keras::MeanSquaredError{}(target, prediction);
}
