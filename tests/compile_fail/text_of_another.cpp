// A char* would be saved as one letter.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: name
// expect: it_is_text_without_an_owner
// expect: cairn: this member points to text that it does not own
// errors: 1
#include <cairn/checkpoint.hpp>

struct Training {
  int step = 0;
#ifdef CAIRN_WRONG
  const char* name = "";
#else
  std::string name;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
