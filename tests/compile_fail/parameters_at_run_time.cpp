// A Variable whose extent the compiler does not know cannot be counted by it.
// expect: this_variable_has_a_size_at_run_time_only<
// expect: cairn: the parameters of a model are counted by the compiler, and the extents of this Variable are known at
// run
#include "cairn/keras.hpp"

struct Model {
#ifdef CAIRN_WRONG
  cairn::Variable<float, cairn::dynamic, 10> weights;
#else
  cairn::Variable<float, 784, 10> weights;
#endif
};

[[maybe_unused]] constexpr std::size_t parameters = cairn::keras::parameter_count<Model>;
