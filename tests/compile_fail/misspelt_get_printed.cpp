// The sentence comes before what a compiler says of a stream that cannot take what is not there.
// expect: no_such_path<
// expect: modle.rate
// expect: model.rate
// expect: cairn: this path does not lead to a member
#include <cairn/checkpoint.hpp>

#include <iostream>

struct Model {
  float rate = 0;
};
struct Training {
  Model model;
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
#ifdef CAIRN_WRONG
  std::cout << checkpoint.get<"modle.rate">();
#else
  std::cout << checkpoint.get<"model.rate">();
#endif
}
