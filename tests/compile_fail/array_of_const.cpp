// A view whose elements are const cannot be restored.
// needs: <Eigen/Core>
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: it_is_const
// expect: cairn: this member is const, or leads to something const
// errors: 1
#include <cairn/checkpoint.hpp>
#include <cairn/types/eigen.hpp>

#include <Eigen/Core>

struct Model {
#ifdef CAIRN_WRONG
  Eigen::Map<const Eigen::MatrixXf> kernel;
#else
  Eigen::Map<Eigen::MatrixXf> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
