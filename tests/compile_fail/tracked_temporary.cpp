// And one that is tracked later.
// expect: cairn: track keeps a reference to the object, and a temporary is gone at once
// errors: 1
#include <cairn/checkpoint.hpp>

void use() {
  cairn::Checkpoint checkpoint;
  std::int64_t step = 0;
#ifdef CAIRN_WRONG
  checkpoint.track("step", std::int64_t{0});
#else
  checkpoint.track("step", step);
#endif
  static_cast<void>(step);
}
