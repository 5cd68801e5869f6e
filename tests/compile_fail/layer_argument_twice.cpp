// Two activations for one layer.
// expect: this_layer_has_no_such_argument<
// expect: Conv2D<1, 3
// expect: cairn: this layer has no such argument, or it was given twice.
// errors: 1
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
keras::Conv2D<1, 3, 2, keras::relu, keras::tanh> layer;
#else
keras::Conv2D<1, 3, 2, keras::relu> layer;
#endif
