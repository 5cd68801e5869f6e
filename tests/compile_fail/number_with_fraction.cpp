// A number with a fraction beside integers.
// expect: NumberFitsElement<int, double
// expect: cairn: a number with a fraction does not fit to elements that are integers
#include "cairn/ops.hpp"

#ifdef CAIRN_WRONG
inline constexpr auto factor = 2.5;
#else
inline constexpr auto factor = 2;
#endif

void use(const cairn::Tensor<int, 10>& x) { static_cast<void>(x * factor); }
