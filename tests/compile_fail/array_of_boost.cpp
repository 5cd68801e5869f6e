// An array of Boost.MultiArray needs cairn's header for it.
// needs: <boost/multi_array.hpp>
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: boost::multi_array<float, 2
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>

#include <boost/multi_array.hpp>

struct Model {
  int step = 0;
#ifdef CAIRN_WRONG
  boost::multi_array<float, 2> kernel;
#else
  cairn::NotSaved<boost::multi_array<float, 2>> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
