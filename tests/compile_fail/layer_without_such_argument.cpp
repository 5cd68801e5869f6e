// A keyword argument that a layer does not have.
// expect: this_layer_has_no_such_argument<
// expect: Dense<4, 3
// expect: Strides
// expect: cairn: this layer has no such argument, or it was given twice.
// errors: 1
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
keras::Dense<4, 3, keras::relu, keras::strides<2>> layer;
#else
keras::Dense<4, 3, keras::relu, keras::use_bias<false>> layer;
#endif
