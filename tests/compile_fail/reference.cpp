// A reference has no name that a compiler would spell, only a place and a type.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::member_at<1>, int
// expect: it_is_a_reference
// expect: cairn: this member is a reference
// expect: std::reference_wrapper
// errors: 1
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
struct Model {
  float rate;
  int& step;
};
#else
struct Model {
  float rate;
  int* step;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
