// An array of xtensor needs cairn's header for it.
// needs: <xtensor/xarray.hpp>
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: xt::xarray_container<
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>

#include <xtensor/xarray.hpp>

struct Model {
  int step = 0;
#ifdef CAIRN_WRONG
  xt::xarray<float> kernel;
#else
  cairn::NotSaved<xt::xarray<float>> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
