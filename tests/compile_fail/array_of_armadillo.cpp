// An array of Armadillo needs cairn's header for it.
// needs: <armadillo>
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: arma::Mat<double>
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>

#include <armadillo>

struct Model {
  int step = 0;
#ifdef CAIRN_WRONG
  arma::mat kernel;
#else
  cairn::NotSaved<arma::mat> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
