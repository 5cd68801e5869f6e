// An element of a list stands in no struct: its type is named.
// expect: this_type_cannot_be_tracked<
// expect: function
// expect: cairn: this type cannot be saved
#include "cairn/checkpoint/checkpoint.hpp"

#include <functional>

struct Training {
#ifdef CAIRN_WRONG
  std::vector<std::function<void()>> elements;
#else
  std::vector<std::vector<int>> elements;
#endif
};

void use() {
  Training training;
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
