// A bit-field has no address. (Newer releases of Boost.PFR bind it before we can see it.)
// expect: bit-field
// refuses: cairn: this struct has a bit-field
#include "cairn/graph/reflect.hpp"

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  unsigned trained : 3;
};
#else
struct Model {
  int step = 0;
  unsigned trained = 0;
};
#endif

[[maybe_unused]] constexpr std::size_t count = cairn::detail::member_count<Model>();
