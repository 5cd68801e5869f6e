// A class with private members inside of a container is named with the member that holds it.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: counters
// expect: Counter
// expect: its_class_is_not_a_plain_struct
// expect: cairn: this member's class cannot be taken apart into members
// errors: 1
#include <cairn/checkpoint.hpp>

class Counter {
 public:
  int value() const { return value_; }

 private:
  int value_ = 0;
};
struct Training {
  int step = 0;
#ifdef CAIRN_WRONG
  std::vector<Counter> counters;
#else
  std::vector<int> counters;
#endif
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
