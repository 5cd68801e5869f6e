// A padding that Keras does not have, either.
// expect: cairn: there are two paddings: valid and same.
// errors: 1
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
keras::MaxPooling2D<2, keras::padding<"Same">> layer;
#else
keras::MaxPooling2D<2, keras::padding<"same">> layer;
#endif
