// The shortest way: a plain struct is saved, and restored into another object.

#include <cairn/cairn.hpp>

#include <iostream>

struct Model {
  cairn::Variable<float, 784, 10> weights;
  std::int64_t step = 0;
};

int main() {
  Model model;
  model.step = 7;
  const std::string path = cairn::Checkpoint{model}.save("training/ckpt");

  Model later;
  cairn::Checkpoint{later}.restore(path).assert_consumed();
  std::cout << path << " was saved at step " << later.step << '\n';
}
