// A restore writes to every member.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: const int
// expect: it_is_const
// expect: cairn: this member is const, or leads to something const
// errors: 1
#include <cairn/checkpoint.hpp>

#ifdef CAIRN_WRONG
struct Model {
  float rate = 0;
  const int step = 0;
};
#else
struct Model {
  float rate = 0;
  int step = 0;
};
#endif

void use() {
  Model model;
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
