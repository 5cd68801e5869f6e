// A long double is of another form on each machine, also where it is inside of another type.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: elapsed
// expect: long double
// expect: it_is_a_long_double
// expect: cairn: this member is a long double
// errors: 1
#include <cairn/checkpoint.hpp>

#include <chrono>

struct Training {
  int step = 0;
#ifdef CAIRN_WRONG
  std::vector<std::chrono::duration<long double>> elapsed;
#else
  std::vector<std::chrono::duration<double>> elapsed;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
