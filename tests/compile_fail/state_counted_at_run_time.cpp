// A Variable whose extent the compiler does not know cannot be counted by it, in a model as little as in another state.
// expect: this_size_is_known_at_run_time_only<
// expect: cairn: the parameters of a state are counted by the compiler, and the extents of this Variable are known at run
// later g++: how it counted is told first
#include "cairn/reflect/static_keys.hpp"

#include "cairn/tensor/variable.hpp"

struct Training {
#ifdef CAIRN_WRONG
  cairn::Variable<float, cairn::dynamic, 10> weights;
#else
  cairn::Variable<float, 784, 10> weights;
#endif
};

[[maybe_unused]] constexpr std::size_t parameters = cairn::parameter_count<Training>;
