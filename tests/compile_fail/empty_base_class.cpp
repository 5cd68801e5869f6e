// Even a base without members keeps Boost.PFR from binding.
// expect: this_struct_cannot_be_tracked<Model
// expect: it_has_a_base_class
// expect: cairn: this struct has a base class
// errors: 1
#include <cairn/checkpoint.hpp>

struct Tag {};

#ifdef CAIRN_WRONG
struct Model : Tag {
  int step = 0;
};
#else
struct Model {
  int step = 0;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
