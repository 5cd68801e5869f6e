// An optimizer that was made for another model.
// expect: this_optimizer_is_for_another_model<
// expect: cairn: these are not the trainable Variables that the optimizer was made for
#include "cairn/keras.hpp"

using Layer = cairn::keras::Dense<4, 3>;

#ifdef CAIRN_WRONG
using Optimized = cairn::keras::Dense<4, 4>;
#else
using Optimized = Layer;
#endif

void use(cairn::keras::Adam<Optimized>& optimizer, cairn::GradientTape& tape, const cairn::Tensor<float>& loss,
         Layer& layer) {
  optimizer.apply_gradients(tape.gradient(loss, layer.trainable_variables()), layer);
}
