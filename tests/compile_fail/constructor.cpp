// A struct with a constructor of its own is no aggregate.
// expect: this_struct_cannot_be_tracked<Model
// expect: cairn: this class cannot be taken apart into members
// errors: 1
#include "cairn/graph/reflect.hpp"

#ifdef CAIRN_WRONG
struct Model {
  explicit Model(int first) : step(first) {}
  int step;
};
#else
struct Model {
  int step;
};
#endif

[[maybe_unused]] constexpr std::size_t count = cairn::detail::member_count<Model>();
