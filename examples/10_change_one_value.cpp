// One value of a checkpoint is changed, without the program that wrote it. On the command line:
//
//   cairn set training optimizer.learning_rate 0.0005 --out edited/ckpt

#include <cairn/cairn.hpp>
#include <cairn/edit.hpp>

#include <iostream>

// A checkpoint to begin with; it could be anybody's.
struct Training {
  struct {
    cairn::Variable<float, 784, 10> kernel;
    cairn::Variable<float, 10> bias;
  } model;
  struct {
    float learning_rate = 0.001f;
    cairn::Variable<float, 784, 10> momentum;
  } optimizer;
  std::int64_t step = 1000;
};

int main() {
  Training training;
  cairn::Checkpoint{training}.save("training/ckpt");

  // A directory stands for its latest checkpoint. Values are called by their paths, and keep their dtype and shape.
  cairn::CheckpointEditor editor{"training"};
  std::cout << "the learning rate was " << editor.get("optimizer.learning_rate") << '\n';
  editor.set("optimizer.learning_rate", 0.0005f).write("edited/ckpt");

  // Everything else went over byte for byte.
  std::cout << cairn::diff("training", "edited/ckpt");

  // A name that is not there is refused with the nearest one.
  try {
    editor.set("learning_rate", 0.0005f);
  } catch (const cairn::Error& error) {
    std::cout << error.what() << '\n';
  }
}
