// A vector or matrix of Eigen needs cairn's header for it, although it looks like a range of numbers.
// needs: <Eigen/Core>
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernels
// expect: Eigen::Matrix<double, 3, 1
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>
#ifndef CAIRN_WRONG
#include <cairn/types/eigen.hpp>
#endif

#include <Eigen/Core>

#include <vector>

struct Model {
  int step = 0;
  std::vector<Eigen::Vector3d> kernels;
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
