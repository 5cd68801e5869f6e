// A std::atomic can be neither copied nor moved, so that no restore could be undone.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: steps
// expect: std::atomic<int>
// expect: it_is_an_atomic
// expect: cairn: this member is a std::atomic, which can be neither copied nor moved.
// errors: 1
#include <cairn/cereal.hpp>
#include <cairn/checkpoint.hpp>
#include <cereal/types/atomic.hpp>

#include <atomic>

struct Training {
  int step = 0;
#ifdef CAIRN_WRONG
  std::atomic<int> steps = 0;
#else
  cairn::NotSaved<std::atomic<int>> steps;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
