// A handle of a C library leads to a class that nobody sees.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: handle
// expect: Opaque*
// expect: it_is_a_pointer_to_nothing_known
// expect: cairn: this member points to a function, to void, to an array, or to a class that is not seen whole here.
// errors: 1
#include <cairn/checkpoint.hpp>

struct Opaque;
struct Training {
  int step = 0;
#ifdef CAIRN_WRONG
  Opaque* handle = nullptr;
#else
  cairn::NotSaved<Opaque*> handle = nullptr;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
