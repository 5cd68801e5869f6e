// An input whose elements are not those of the layer's Variables.
// expect: InputHasElements<cairn::Tensor<double, 5, 4>
// expect: Dense<4, 3
// expect: cairn: the elements of this input are of another type than those of the layer's Variables
#include "cairn/keras.hpp"

#ifdef CAIRN_WRONG
using Input = cairn::Tensor<double, 5, 4>;
#else
using Input = cairn::Tensor<float, 5, 4>;
#endif

void use(const cairn::keras::Dense<4, 3>& layer, const Input& x) { static_cast<void>(layer(x)); }
