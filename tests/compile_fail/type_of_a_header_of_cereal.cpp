// A type that cereal saves needs cereal's header for it; the header is named as the standard's own.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: open
// expect: std::stack<
// expect: it_needs_a_header_of_cereal
// expect: cairn: this member is of a type that is saved with cereal's header for it.
// errors: 1
#include <cairn/checkpoint.hpp>
#ifndef CAIRN_WRONG
#include <cairn/cereal.hpp>
#include <cereal/types/stack.hpp>
#endif

#include <stack>

struct Training {
  int step = 0;
  std::vector<std::stack<int>> open;
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
