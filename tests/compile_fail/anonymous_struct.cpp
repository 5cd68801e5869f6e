// An extension of the compilers that Boost.PFR cannot bind. (clang 14 goes on after the refusal.)
// expect: this_struct_cannot_be_tracked<Model
// expect: a union or struct without a name
// expect clang++: cairn: this struct holds a union or struct without a name
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  struct {
    int whole;
  };
};
#else
struct Model {
  int step = 0;
  struct {
    int whole;
  } inner;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
