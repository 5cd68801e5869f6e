// A class with private members has nothing that a struct is made of.
// expect: this_struct_cannot_be_tracked<Model
// expect: it_is_not_an_aggregate
// expect: cairn: this class cannot be taken apart into members
// errors: 1
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
class Model {
 public:
  int step = 0;

 private:
  [[maybe_unused]] int hidden_ = 0;
};
#else
struct Model {
  int step = 0;
  int hidden = 0;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
