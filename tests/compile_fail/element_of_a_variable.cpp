// A Variable holds numbers or strings.
// expect: cairn: a Variable's elements must be numbers
#include "cairn/tensor/variable.hpp"

struct Point {
  float x = 0;
};

#ifdef CAIRN_WRONG
cairn::Variable<Point, 3> variable;
#else
cairn::Variable<float, 3> variable;
#endif
