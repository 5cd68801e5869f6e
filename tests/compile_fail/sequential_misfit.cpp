// Layers of a Sequential whose rows are of different lengths: both layers and their place are named.
// expect: LayersFit<0
// expect: Extent<10>
// expect: Extent<20>
// expect: Dense<784, 10,
// expect: Dense<20, 10,
// expect: cairn: layer n+1 does not fit onto layer n of this Sequential
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<20, 10, keras::softmax>> model;
#else
keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
#endif
