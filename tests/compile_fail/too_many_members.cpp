// Boost.PFR binds up to 100 members.
// expect: this_struct_cannot_be_tracked<Model
// expect: it_has_too_many_members
// expect: cairn: this struct has more than 100 members
// errors: 1
#include <cairn/checkpoint.hpp>

#define TEN_MEMBERS(tens)                                                                                     \
  int tens##0 = 0, tens##1 = 0, tens##2 = 0, tens##3 = 0, tens##4 = 0, tens##5 = 0, tens##6 = 0, tens##7 = 0, \
      tens##8 = 0, tens##9 = 0;
// clang-format off
#define HUNDRED_MEMBERS \
  TEN_MEMBERS(a) TEN_MEMBERS(b) TEN_MEMBERS(c) TEN_MEMBERS(d) TEN_MEMBERS(e) \
  TEN_MEMBERS(f) TEN_MEMBERS(g) TEN_MEMBERS(h) TEN_MEMBERS(i) TEN_MEMBERS(j)
// clang-format on

#ifdef CAIRN_WRONG
struct Model {
  HUNDRED_MEMBERS
  int one_more = 0;
};
#else
struct Model {
  HUNDRED_MEMBERS
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
