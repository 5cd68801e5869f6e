// A layer that gives nothing, and a window that never moves.
// expect: cairn: each size of a layer is at least 1.
// expect: cairn: a stride is at least 1.
// later g++: there are two refusals, one behind the other
// later clang++: there are two refusals, one behind the other
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
keras::MaxPooling2D<2, keras::strides<0>> pooling;
keras::Dense<10, 0> dense;
#else
keras::MaxPooling2D<2, keras::strides<1>> pooling;
keras::Dense<10, 1> dense;
#endif
