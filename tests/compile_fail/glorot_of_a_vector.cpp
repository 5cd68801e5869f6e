// Glorot's limits come from the numbers of inputs and outputs, and a vector of biases has no two axes for them.
// expect: cairn: glorot_uniform is for kernels: inputs and outputs are its last two axes.
#include "cairn/keras/initializers.hpp"

#ifdef CAIRN_WRONG
const auto kernel = cairn::keras::glorot_uniform<float, 10>();
#else
const auto kernel = cairn::keras::glorot_uniform<float, 4, 10>();
#endif
