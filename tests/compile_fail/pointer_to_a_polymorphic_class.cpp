// Which class stands behind such a pointer, only cereal can know.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: layer
// expect: it_owns_a_polymorphic_class
// expect: cairn: this member owns an object of a class with virtual functions, which cereal saves
// errors: 1
#include <cairn/checkpoint.hpp>

#include <memory>

struct Layer {
  virtual ~Layer() = default;
  virtual int units() const = 0;
};
struct Training {
  int step = 0;
#ifdef CAIRN_WRONG
  std::unique_ptr<Layer> layer;
#else
  cairn::NotSaved<std::unique_ptr<Layer>> layer;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
