// Also one with more elements than a struct may have members.
// expect: this_member_cannot_be_tracked<Model
// expect: weights
// expect: it_is_a_c_array
// expect g++: float [784]
// expect clang++: float[784]
// expect: cairn: this member is a C array
// errors: 1
#include <cairn/checkpoint.hpp>

#include <array>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  float weights[784] = {};
  float biases[10] = {};
};
#else
struct Model {
  int step = 0;
  std::array<float, 784> weights = {};
  std::array<float, 10> biases = {};
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
