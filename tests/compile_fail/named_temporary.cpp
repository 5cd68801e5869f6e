// So does a named child.
// expect: cairn: a Checkpoint keeps references to what it tracks, and a temporary is gone before the first save
// errors: 1
#include <cairn/checkpoint.hpp>

using namespace cairn::literals;

void use() {
  std::int64_t step = 0;
#ifdef CAIRN_WRONG
  cairn::Checkpoint checkpoint{"step"_a = std::int64_t{0}};
#else
  cairn::Checkpoint checkpoint{"step"_a = step};
#endif
  static_cast<void>(checkpoint);
  static_cast<void>(step);
}
