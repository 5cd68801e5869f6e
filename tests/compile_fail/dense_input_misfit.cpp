// An input whose rows are not as long as a Dense layer takes them.
// expect: InputFits<cairn::Tensor<float, 5
// expect: Dense<4, 3
// expect: cairn: this input does not fit into this layer
#include "cairn/keras.hpp"

#ifdef CAIRN_WRONG
using Input = cairn::Tensor<float, 5, 6>;
#else
using Input = cairn::Tensor<float, 5, 4>;
#endif

void use(const cairn::keras::Dense<4, 3>& layer, const Input& x) { static_cast<void>(layer(x)); }
