// A Partitioned is divided into boxes of numbers.
// expect: cairn: a Partitioned's elements must be numbers
// errors: 1
#include "cairn/partition/partitioned.hpp"

#include <string>

#ifdef CAIRN_WRONG
cairn::Partitioned<std::string> names{cairn::Shape{4}};
#else
cairn::Partitioned<double> pressure{cairn::Shape{4}};
#endif
