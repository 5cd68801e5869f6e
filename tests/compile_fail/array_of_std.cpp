// A std::mdspan needs cairn's header for it. The class stands here in place of the library's own, which few machines have.
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: std::mdspan<float, int>
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>

namespace std {
template <class T, class Extents>
class mdspan {
 public:
  mdspan();

 private:
  T* data_;
};
}  // namespace std

struct Model {
  int step = 0;
#ifdef CAIRN_WRONG
  std::mdspan<float, int> kernel;
#else
  cairn::NotSaved<std::mdspan<float, int>> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
