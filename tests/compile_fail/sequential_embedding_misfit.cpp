// A recurrent layer behind an Embedding of other rows; how many ids an example has is not known.
// expect: LayersFit<0
// expect: Embedding<10, 4
// expect: GRU<5, 3
// expect: cairn: layer n+1 does not fit onto layer n of this Sequential
#include "cairn/keras.hpp"

namespace keras = cairn::keras;

#ifdef CAIRN_WRONG
keras::Sequential<keras::Embedding<10, 4>, keras::GRU<5, 3>> model;
#else
keras::Sequential<keras::Embedding<10, 4>, keras::GRU<4, 3>> model;
#endif
