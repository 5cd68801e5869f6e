// Two objects under one name could not be told apart in the file.
// expect: cairn: two objects are tracked under the same name
// errors: 1
#include <cairn/checkpoint.hpp>

using namespace cairn::literals;

void use() {
  std::int64_t step = 0;
  float loss = 0;
#ifdef CAIRN_WRONG
  cairn::Checkpoint checkpoint{"step"_a = step, "step"_a = loss};
#else
  cairn::Checkpoint checkpoint{"step"_a = step, "loss"_a = loss};
#endif
  static_cast<void>(checkpoint);
}
