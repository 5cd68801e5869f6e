// A reference to const binds to values, too, and is found nevertheless.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::member_at<0>
// expect: it_is_a_reference
// expect: cairn: this member is a reference
// errors: 1
#include <cairn/checkpoint.hpp>

#include <string>

#ifdef CAIRN_WRONG
struct Model {
  const std::string& note;
  std::string other;
};
#else
struct Model {
  std::string note;
  std::string other;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
