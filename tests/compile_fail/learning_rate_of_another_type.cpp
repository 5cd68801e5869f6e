// A learning rate that is neither a number nor a schedule.
// expect: this_is_no_learning_rate<
// expect: cairn: an optimizer's learning rate is a float, or a schedule
#include "cairn/keras.hpp"

using Layer = cairn::keras::Dense<4, 3>;

#ifdef CAIRN_WRONG
using Rate = double;
#else
using Rate = float;
#endif

cairn::keras::SGD<Layer, Rate> optimizer;
