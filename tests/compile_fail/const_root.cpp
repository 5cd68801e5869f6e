// The same for an object as the root.
// expect: cairn: a const object cannot be tracked, because a restore writes to it
#include <cairn/checkpoint.hpp>

struct Training {
  std::int64_t step = 0;
};

void use() {
#ifdef CAIRN_WRONG
  const Training training;
#else
  Training training;
#endif
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
