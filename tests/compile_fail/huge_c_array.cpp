// With so many elements that nobody waits for its name: only its place is told.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::member_at<1>
// expect: it_is_a_c_array
// expect: cairn: this member is a C array
// errors: 1
#include <cairn/checkpoint.hpp>

#include <array>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  float weights[1000 * 1000] = {};
};
#else
struct Model {
  int step = 0;
  std::array<float, 1000 * 1000> weights = {};
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
