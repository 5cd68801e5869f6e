// A view hands out what a restore may write to.
// expect: cairn: a const object cannot be tracked, because a restore writes to it
#include "cairn/edit/trackable_view.hpp"

struct Training {
  std::int64_t step = 0;
};

#ifdef CAIRN_WRONG
cairn::TrackableView use(const Training& training) { return cairn::TrackableView(training); }
#else
cairn::TrackableView use(Training& training) { return cairn::TrackableView(training); }
#endif
