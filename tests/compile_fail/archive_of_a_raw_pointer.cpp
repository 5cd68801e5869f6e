// cereal's archives do not follow raw pointers, as a bundle does.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: best
// expect: it_is_a_raw_pointer
// expect: cairn: this member is a raw pointer or a reference, which cereal's archives do not follow.
// errors: 1
#include <cairn/checkpoint.hpp>
#include <cairn/json.hpp>

#include <map>

struct Layer {
  int units = 1;
};
struct Training {
  int step = 0;
#ifdef CAIRN_WRONG
  Layer* best = nullptr;
#else
  cairn::NotSaved<Layer*> best = nullptr;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  cairn::CheckpointManager<decltype(checkpoint), cairn::format::Json> manager{checkpoint, "training"};
  manager.save();
}
