// A polymorphic class is no aggregate.
// expect: this_struct_cannot_be_tracked<Model
// expect: cairn: this class cannot be taken apart into members
// expect: a cereal serialize function
// errors: 1
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
struct Model {
  virtual ~Model() = default;
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
