// Gradients that are not those of the model's variables.
// expect: these_gradients_do_not_fit<
// expect: cairn: apply_gradients needs one gradient for each trainable Variable
#include "cairn/keras.hpp"

using Layer = cairn::keras::Dense<4, 3>;

#ifdef CAIRN_WRONG
using Gradients = std::tuple<cairn::Tensor<float, 4, 3>>;
#else
using Gradients = std::tuple<cairn::Tensor<float, 4, 3>, cairn::Tensor<float, 3>>;
#endif

void use(cairn::keras::Adam<Layer>& optimizer, const Gradients& gradients, Layer& layer) {
  optimizer.apply_gradients(gradients, layer);
}
