// A std::atomic can be neither copied nor moved; one that is no single number has no tensor either.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: place
// expect: std::atomic<Place>
// expect: it_is_an_atomic
// expect: cairn: this member is a std::atomic of something that is not one number, bool or enum
// errors: 1
#include <cairn/checkpoint.hpp>

#include <atomic>

struct Place {
  int x = 0, y = 0;
};
struct Training {
  std::atomic<int> step = 0;
#ifdef CAIRN_WRONG
  std::atomic<Place> place;
#else
  Place place;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
