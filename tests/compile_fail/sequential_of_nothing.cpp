// A Sequential without a layer.
// expect: LayersAreGiven<
// expect: cairn: a Sequential needs at least one layer.
#include "cairn/keras.hpp"

#ifdef CAIRN_WRONG
cairn::keras::Sequential<> model;
#else
cairn::keras::Sequential<cairn::keras::Dense<3, 2>> model;
#endif
