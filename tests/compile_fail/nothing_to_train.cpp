// An object without a trainable variable has no gradients to apply.
// expect: this_type_holds_no_variables<Model
// expect: cairn: no trainable Variable was found in this type
#include "cairn/keras.hpp"

struct Model {
#ifdef CAIRN_WRONG
  cairn::Variable<int, 3> weights;
#else
  cairn::Variable<float, 3> weights;
#endif
};

void use(Model& model) { static_cast<void>(cairn::trainable_variables(model)); }
