// A description of a member that is not there names the nearest one.
// expect: no_such_member<Model
// expect: wieghts
// expect: weights
// expect: cairn: cairn::members describes a member that this struct does not have
// errors: 1
#include <cairn/checkpoint.hpp>

struct Model {
  int step = 0;
  float weights = 0;
};

#ifdef CAIRN_WRONG
template <>
inline constexpr auto cairn::members<Model> = cairn::describe(cairn::rename<"wieghts">("kernel"));
#else
template <>
inline constexpr auto cairn::members<Model> = cairn::describe(cairn::rename<"weights">("kernel"));
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
