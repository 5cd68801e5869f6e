// Two members under one key would overwrite each other.
// expect: two_members_are_saved_as<Model
// expect: kernel
// expect: cairn: two members of this struct would be saved under one name
// errors: 1
#include <cairn/checkpoint.hpp>

struct Model {
  int step = 0;
  float weights = 0;
};

#ifdef CAIRN_WRONG
template <>
inline constexpr auto cairn::members<Model> =
    cairn::describe(cairn::rename<"weights">("kernel"), cairn::rename<"step">("kernel"));
#else
template <>
inline constexpr auto cairn::members<Model> =
    cairn::describe(cairn::rename<"weights">("kernel"), cairn::rename<"step">("kernel_step"));
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
