// A reshape that would need other elements.
// expect: ElementsFit<cairn::Tensor<float, 2, 6>
// expect: cairn: reshape keeps the elements
// errors: 1
#include "cairn/ops.hpp"

#ifdef CAIRN_WRONG
auto rows(const cairn::Tensor<float, 2, 6>& x) { return cairn::reshape<5, cairn::dynamic>(x); }
#else
auto rows(const cairn::Tensor<float, 2, 6>& x) { return cairn::reshape<4, cairn::dynamic>(x); }
#endif
