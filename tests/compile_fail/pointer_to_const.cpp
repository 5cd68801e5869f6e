// What a pointer leads to is restored, too.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: const Layer
// expect: it_is_const
// expect: cairn: this member is const, or leads to something const
// errors: 1
#include <cairn/checkpoint.hpp>

struct Layer {
  float bias = 0;
};

#ifdef CAIRN_WRONG
struct Model {
  const Layer* shared = nullptr;
};
#else
struct Model {
  Layer* shared = nullptr;
};
#endif

void use() {
  Model model;
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
