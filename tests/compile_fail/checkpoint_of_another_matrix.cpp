// The compiler compares the fixed extents of a matrix of another library with the checkpoint's.
// needs: <Eigen/Core>
// expect: this_struct_does_not_fit_the_checkpoint<
// expect: cairn: this struct does not fit the checkpoint.
// expect: weights
// expect: struct_has<cairn::DType::DT_FLOAT, 2, 3>, cairn::schema::detail::checkpoint_has<cairn::DType::DT_FLOAT, 3, 2>
// expect: struct_has<cairn::DType::DT_DOUBLE, 2>, cairn::schema::detail::checkpoint_has<cairn::DType::DT_FLOAT, 2>
// errors: 1
#include "cairn/schema.hpp"
#include "cairn/types/eigen.hpp"

#include "trained.hpp"

struct Model {
#ifdef CAIRN_WRONG
  Eigen::Matrix<float, 2, 3> weights;
  Eigen::Vector2d biases;
#else
  Eigen::Matrix<float, Eigen::Dynamic, 2> weights;
  Eigen::Vector2f biases;
#endif
  std::int64_t step = 0;
};
static_assert(cairn::schema::matches<Model>(cairn::schema::parse(trained)));
