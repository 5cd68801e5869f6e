// A Sequential that knows the size of its images: the row that Flatten makes of them is not as long as Dense takes it.
// expect: LayersFit<3
// expect: Flatten
// expect: Dense<5400, 10
// expect: Extent<5408>
// expect: Extent<5400>
// expect: cairn: layer n+1 does not fit onto layer n of this Sequential
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
constexpr std::size_t row = 5400;
#else
constexpr std::size_t row = 5408;
#endif
keras::Sequential<keras::Input<28, 28, 1>, keras::Conv2D<1, 32, 3, keras::relu>, keras::MaxPooling2D<2>, keras::Flatten,
                  keras::Dense<row, 10, keras::softmax>>
    model;
