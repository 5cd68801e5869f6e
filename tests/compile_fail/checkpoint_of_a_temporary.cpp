// A Checkpoint keeps references; a temporary as its root would be gone before the first save.
// expect: cairn: a Checkpoint keeps references to what it tracks, and a temporary is gone before the first save
// errors: 1
#include <cairn/checkpoint.hpp>

struct Training {
  std::int64_t step = 0;
};

void use() {
  Training training;
#ifdef CAIRN_WRONG
  cairn::Checkpoint checkpoint{Training{}};
#else
  cairn::Checkpoint checkpoint{training};
#endif
  static_cast<void>(checkpoint);
}
