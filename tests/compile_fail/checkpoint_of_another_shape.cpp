// All members that differ are named, with what the struct has and what the checkpoint has, and the nearest name.
// expect: this_struct_does_not_fit_the_checkpoint<
// expect: cairn: this struct does not fit the checkpoint.
// expect: bias
// expect: did_you_mean<
// expect: biases
// expect: struct_has<cairn::DType::DT_FLOAT, 3, 4>, cairn::schema::detail::checkpoint_has<cairn::DType::DT_FLOAT, 3, 2>
// expect: struct_has<cairn::DType::DT_INT32>, cairn::schema::detail::checkpoint_has<cairn::DType::DT_INT64>
// errors: 1
#include "cairn/schema.hpp"

#include "trained.hpp"

struct Model {
#ifdef CAIRN_WRONG
  cairn::Variable<float, 3, 4> weights;
  cairn::Variable<float, 2> bias;
  std::int32_t step = 0;
#else
  cairn::Variable<float, 3, cairn::dynamic> weights;
  cairn::Variable<float, 2> biases;
  std::int64_t step = 0;
#endif
};
static_assert(cairn::schema::matches<Model>(cairn::schema::parse(trained)));
