// An object that stands in no struct is named by its type.
// expect: this_type_cannot_be_tracked<std::thread
// expect: its_type_is_unknown
// expect: cairn: this type cannot be saved. Make it a Variable
// errors: 1
#include <cairn/checkpoint.hpp>

#include <thread>

using namespace cairn::literals;

void use(std::thread& worker, int& step) {
#ifdef CAIRN_WRONG
  cairn::Checkpoint checkpoint{"worker"_a = worker, "step"_a = step};
#else
  static_cast<void>(worker);
  cairn::Checkpoint checkpoint{"step"_a = step};
#endif
  static_cast<void>(checkpoint);
}
