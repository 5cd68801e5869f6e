// An array of Boost.uBLAS needs cairn's header for it.
// needs: <boost/numeric/ublas/matrix.hpp>
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: boost::numeric::ublas::matrix<double
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>

#include <boost/numeric/ublas/matrix.hpp>

struct Model {
  int step = 0;
#ifdef CAIRN_WRONG
  boost::numeric::ublas::matrix<double> kernel;
#else
  cairn::NotSaved<boost::numeric::ublas::matrix<double>> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
