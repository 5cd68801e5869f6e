// A rename without a new name would save the member under none.
// expect: cairn: rename needs at least the name under which the member is to be saved.
#include "cairn/reflect/members.hpp"

struct Model {
  float weights = 0;
};

template <>
#ifdef CAIRN_WRONG
inline constexpr auto cairn::members<Model> = cairn::describe(cairn::rename<"weights">());
#else
inline constexpr auto cairn::members<Model> = cairn::describe(cairn::rename<"weights">("kernel"));
#endif
