// One element is counted rightly, and refused by its type.
// expect: this_member_cannot_be_tracked<Model
// expect: weights
// expect: it_is_a_c_array
// expect: cairn: this member is a C array
// errors: 1
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  float weights[1] = {};
};
#else
struct Model {
  int step = 0;
  float weights = 0;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
