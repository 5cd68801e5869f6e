// An engine tells its state to streams only, and <random> does not bring them.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: engine
// expect: std::mersenne_twister_engine<
// expect: it_needs_streams
// expect: cairn: this member is an engine or a distribution of <random>, which tells its state to a stream only.
// errors: 1
#include <cairn/checkpoint.hpp>
#ifndef CAIRN_WRONG
#include <sstream>
#endif

#include <random>

struct Training {
  int step = 0;
  std::mt19937_64 engine;
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
