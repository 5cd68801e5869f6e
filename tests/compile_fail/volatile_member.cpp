// g++ cannot spell the name of a volatile member.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::member_at<1>, volatile int
// expect: it_is_volatile
// expect: cairn: this member is volatile
// errors: 1
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
struct Model {
  float rate = 0;
  volatile int step = 0;
};
#else
struct Model {
  float rate = 0;
  int step = 0;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
