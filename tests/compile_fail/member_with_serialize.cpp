// Without <cairn/cereal.hpp> a class with cereal's serialize is refused, a private one, too: taken apart into members it
// would be saved as something else.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: counter
// expect: it_has_a_serialize_function
// expect: cairn: this member's class has a cereal serialize function
// errors: 1
#include <cairn/checkpoint.hpp>
#ifndef CAIRN_WRONG
#include <cairn/cereal.hpp>
#endif

struct Counter {
  int value = 0;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(value);
  }
};

struct Training {
  int step = 0;
  Counter counter;
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
