// cereal would restore the object behind such a pointer into a shared_ptr of its own, which ends at once.
// expect: this_member_cannot_be_tracked<Part, cairn::reflect::detail::spelled<
// expect: std::weak_ptr<Whole>
// expect: it_is_a_weak_pointer
// expect: cairn: this member is a weak_ptr to a class with virtual functions
// errors: 1
#include <cairn/cereal.hpp>
#include <cairn/checkpoint.hpp>

#include <cereal/types/memory.hpp>

#include <memory>

struct Whole {
#ifdef CAIRN_WRONG
  virtual ~Whole() = default;
#endif
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("size", size));
  }
  int size = 0;
};
struct Part {
  std::weak_ptr<Whole> whole;
};

void use() {
  Part part;
  cairn::Checkpoint checkpoint{part};
  static_cast<void>(checkpoint);
}
