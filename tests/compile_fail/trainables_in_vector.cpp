// A list of variables made at compile time cannot hold what a std::vector holds.
// expect: this_container_cannot_be_listed<std::vector<cairn::keras::Dense<4, 4
// expect: cairn: this container holds trainable Variables, and how many is known at run time only
// later g++: how the Variables are counted is told first
#include "cairn/keras.hpp"

#include <array>
#include <vector>

using Layer = cairn::keras::Dense<4, 4>;

struct Model {
#ifdef CAIRN_WRONG
  std::vector<Layer> layers;
#else
  std::array<Layer, 3> layers;
#endif
};

void use(Model& model) { static_cast<void>(cairn::trainable_variables(model)); }
