// A tensor of PyTorch needs cairn's header for it. The class stands here in place of the library's own, which few machines have.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: at::Tensor
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>

namespace at {
class Tensor {
 public:
  Tensor();

 private:
  void* impl_;
};
}  // namespace at

struct Model {
  int step = 0;
#ifdef CAIRN_WRONG
  at::Tensor kernel;
#else
  cairn::NotSaved<at::Tensor> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
