// An array of DLPack needs cairn's header for it.
// needs: <dlpack/dlpack.h>
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: DLManagedTensor
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>

#include <dlpack/dlpack.h>

struct Model {
  int step = 0;
#ifdef CAIRN_WRONG
  DLManagedTensor kernel;
#else
  cairn::NotSaved<DLManagedTensor> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
