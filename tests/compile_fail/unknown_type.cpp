// A TrackableView looks at an object as a Checkpoint does, and refuses the same.
// expect: this_member_cannot_be_tracked<Model
// expect: log
// expect: std::thread
// expect: its_type_is_unknown
// expect: cairn: this member cannot be saved, because nothing is known of its type.
// errors: 1
#include <cairn/edit.hpp>

#include <thread>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  std::thread log;
};
#else
struct Model {
  int step = 0;
  cairn::NotSaved<std::thread> log;
};
#endif

void use(Model& model) { static_cast<void>(cairn::TrackableView(model)); }
