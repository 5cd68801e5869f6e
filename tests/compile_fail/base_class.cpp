// A base would be counted as a member, and its members be lost.
// expect: this_struct_cannot_be_tracked<Model
// expect: it_has_a_base_class
// expect: cairn: this struct has a base class
// errors: 1
#include <cairn/checkpoint.hpp>

struct Layer {
  float rate = 0;
};

#ifdef CAIRN_WRONG
struct Model : Layer {
  int step = 0;
};
#else
struct Model {
  Layer layer;
  int step = 0;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
