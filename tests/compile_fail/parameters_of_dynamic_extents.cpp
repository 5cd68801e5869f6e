// Parameters are counted by the compiler.
// expect: this_size_is_known_at_run_time_only<Model, cairn::Variable<float, 3, 18446744073709551615
// expect: cairn: the parameters of a state are counted by the compiler
// errors: 1
// later g++: how it counted is told first
#include "cairn/reflect/static_keys.hpp"

struct Model {
#ifdef CAIRN_WRONG
  cairn::Variable<float, 3, cairn::dynamic> weights;
#else
  cairn::Variable<float, 3, 2> weights;
#endif
};
inline constexpr std::size_t count = cairn::parameter_count<Model>;
