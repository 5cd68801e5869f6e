// The shortest way: a plain struct is saved, and restored into another object.

#include <cairn/cairn.hpp>

#include <iostream>

// [readme]
struct Model {
  cairn::Variable<float, 2, 3> weights;
  cairn::Variable<float, 3> biases;
};
struct Training {
  Model model;
  std::int64_t step = 0;
};

int main() {
  Training training;
  training.model.weights(1, 2) = 0.5f;
  training.step = 7;
  cairn::Checkpoint checkpoint{training};
  const std::string path = checkpoint.save("training/ckpt");

  Training later;
  cairn::Checkpoint{later}.restore(path).assert_consumed();
  std::cout << path << ": step " << later.step << ", weight " << later.model.weights(1, 2) << '\n';
}
// [/readme]
