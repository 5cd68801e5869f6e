// Rows of an Embedding by numbers that are no integers.
// expect: IdsAreIntegers<cairn::Tensor<float, 5
// expect: cairn: rows are gathered by their numbers, so these must be integers.
// errors: 1
#include "cairn/keras.hpp"

#ifdef CAIRN_WRONG
using Ids = cairn::Tensor<float, 5>;
#else
using Ids = cairn::Tensor<int, 5>;
#endif

void use(const cairn::keras::Embedding<9, 4>& layer, const Ids& ids) { static_cast<void>(layer(ids)); }
