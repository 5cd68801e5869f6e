// An empty name would give the member its parent's key.
// expect: cairn: a member cannot be saved under an empty name
// errors: 1
#include <cairn/checkpoint.hpp>

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

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
