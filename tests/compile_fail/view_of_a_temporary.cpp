// A view refers to the objects.
// expect: cairn: a TrackableView refers to the object, and a temporary is gone at once.
// errors: 1
#include "cairn/edit/trackable_view.hpp"

struct Training {
  std::int64_t step = 0;
};

#ifdef CAIRN_WRONG
cairn::TrackableView use(Training&) { return cairn::TrackableView(Training{}); }
#else
cairn::TrackableView use(Training& training) { return cairn::TrackableView(training); }
#endif
