// A Dropout's rate in percent.
// expect: cairn: a Dropout's rate is a share: in [0, 1).
// errors: 1
#include "cairn/keras.hpp"

#ifdef CAIRN_WRONG
cairn::keras::Dropout<50> layer;
#else
cairn::keras::Dropout<0.5> layer;
#endif
