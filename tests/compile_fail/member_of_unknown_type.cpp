// A member that nothing knows how to save is named with its struct and its type.
// expect: this_member_cannot_be_tracked<Training
// expect: worker
// expect: std::thread
// expect: cairn: this member cannot be saved, because nothing is known of its type.
// errors: 1
#include <cairn/checkpoint.hpp>

#include <thread>

struct Training {
  std::int64_t step = 0;
#ifdef CAIRN_WRONG
  std::thread worker;
#else
  cairn::NotSaved<std::thread> worker;
#endif
};

void use() {
  Training training;
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
