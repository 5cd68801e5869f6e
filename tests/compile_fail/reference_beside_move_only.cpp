// No value initialises both: the members cannot be counted.
// expect: this_struct_cannot_be_tracked<Model
// expect: its_members_cannot_be_counted
// expect: cairn: the members of this struct cannot be counted
// errors: 1
#include <cairn/checkpoint.hpp>

#include <memory>

#ifdef CAIRN_WRONG
struct Model {
  std::unique_ptr<int> owned;
  int& step;
};
#else
struct Model {
  std::unique_ptr<int> owned;
  int* step;
};
#endif

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
