// An array of another library that is tracked by itself needs cairn's header for it, too.
// needs: <Eigen/Core>
// expect: this_type_cannot_be_tracked<Eigen::Matrix<float, -1, -1
// expect: it_needs_a_header_of_types
// expect: cairn: this type is of another library
// errors: 1
#include <cairn/checkpoint.hpp>
#ifndef CAIRN_WRONG
#include <cairn/types/eigen.hpp>
#endif

#include <Eigen/Core>

using namespace cairn::literals;

void use(Eigen::MatrixXf& kernel) {
  cairn::Checkpoint checkpoint{"kernel"_a = kernel};
  static_cast<void>(checkpoint);
}
