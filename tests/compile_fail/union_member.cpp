// A union does not say which of its members it holds.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: value
// expect: Value
// expect: it_is_a_union
// expect: cairn: this member is a union
// errors: 1
#include <cairn/checkpoint.hpp>

#include <variant>

union Value {
  int whole;
  float part;
};
struct Training {
  int step = 0;
#ifdef CAIRN_WRONG
  Value value = {};
#else
  std::variant<int, float> value;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
