// A bit-field has no address. (Newer releases of Boost.PFR bind it before we can see it.)
// expect: bit-field
// refuses: cairn: this struct has a bit-field
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  unsigned trained : 3;
};
#else
struct Model {
  int step = 0;
  unsigned trained = 0;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
