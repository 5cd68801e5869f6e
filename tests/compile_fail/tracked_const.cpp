// A restore writes to what is tracked, so it must not be const.
// expect: cairn: a const object cannot be tracked, because a restore writes to it
#include <cairn/checkpoint.hpp>

using namespace cairn::literals;

void use() {
#ifdef CAIRN_WRONG
  const std::int64_t step = 0;
#else
  std::int64_t step = 0;
#endif
  cairn::Checkpoint checkpoint{"step"_a = step};
  static_cast<void>(checkpoint);
}
