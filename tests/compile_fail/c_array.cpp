// A C array looks like as many members as it has elements.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: weights
// expect: it_is_a_c_array
// expect g++: float [3]
// expect clang++: float[3]
// expect: cairn: this member is a C array
// errors: 1
#include <cairn/checkpoint.hpp>

#include <array>
#include <string>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  float weights[3] = {};
  std::string note;
};
#else
struct Model {
  int step = 0;
  std::array<float, 3> weights = {};
  std::string note;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
