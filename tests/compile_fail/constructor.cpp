// A struct with a constructor of its own is no aggregate: as the root.
// expect: this_struct_cannot_be_tracked<Model
// expect: cairn: this class cannot be taken apart into members
// errors: 1
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
struct Model {
  explicit Model(int first) : step(first) {}
  int step;
};
#else
struct Model {
  int step;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
