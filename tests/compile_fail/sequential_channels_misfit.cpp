// A Conv2D behind another that gives another number of channels; the size of the images is not known.
// expect: LayersFit<1
// expect: MaxPooling2D<
// expect: Conv2D<16, 8,
// expect: 32>
// expect: cairn: layer n+1 does not fit onto layer n of this Sequential
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
constexpr std::size_t channels = 16;
#else
constexpr std::size_t channels = 32;
#endif
keras::Sequential<keras::Conv2D<1, 32, 3>, keras::MaxPooling2D<2>, keras::Conv2D<channels, 8, 3>> model;
