// An image that a window has no place on.
// expect: LayersFit<1
// expect: MaxPooling2D<
// expect: Conv2D<1, 8,
// expect: Extent<2, 2, 1>
// expect: cairn: layer n+1 does not fit onto layer n of this Sequential
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
constexpr std::size_t side = 5;
#else
constexpr std::size_t side = 6;
#endif
keras::Sequential<keras::Input<side, side, 1>, keras::MaxPooling2D<2>, keras::Conv2D<1, 8, 3>> model;
