// An empty name would give the member its parent's key.
// expect: cairn: a member cannot be saved under an empty name
// errors: 1
#include <cairn/reflect.hpp>

struct Model {
  int step = 0;
  float weights = 0;
};

#ifdef CAIRN_WRONG
template <>
inline constexpr auto cairn::members<Model> = cairn::describe(cairn::rename<"weights">(""));
#else
template <>
inline constexpr auto cairn::members<Model> = cairn::describe(cairn::rename<"weights">("kernel"));
#endif

static_assert(cairn::static_keys<Model>.size() == 2);
