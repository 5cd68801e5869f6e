// A manager reads the step at each save: a number that is gone by then is refused.
// expect: cairn: a step_counter is read at each save, and a temporary is gone by then.
// errors: 1
#include "cairn/checkpoint/step_counter.hpp"

#ifdef CAIRN_WRONG
cairn::StepCounter use(const std::int64_t& step) { return step + 0; }
#else
cairn::StepCounter use(const std::int64_t& step) { return step; }
#endif
