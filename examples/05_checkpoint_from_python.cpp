// A checkpoint that Python's tf.train.Checkpoint wrote, restored into a struct, edited, and saved for Python to
// restore.

#include <cairn/cairn.hpp>

#include <iostream>

// The members are named as the Python program's attributes are (05_checkpoint_from_python/make.py).
struct Model {
  cairn::Variable<float, 3, 2> kernel;
  cairn::Variable<float, 2> bias;
};
struct Training {
  Model model;
  std::vector<std::string> labels;
  std::int64_t step = 0;
  float learning_rate = 0;
};

int main() {
  // What is in there? No struct is needed to look.
  for (const auto& [name, shape] : cairn::list_variables("from_python")) std::cout << name << ' ' << shape << '\n';

  Training training;
  cairn::Checkpoint checkpoint{training};
  checkpoint.restore(cairn::latest_checkpoint("from_python")).assert_consumed();
  std::cout << "step " << training.step << ", learning rate " << training.learning_rate << ", labels "
            << training.labels[0] << " and " << training.labels[1] << '\n'
            << "kernel\n"
            << training.model.kernel << '\n';

  // One value is changed; everything else goes over as it was.
  training.learning_rate /= 10;
  const std::string path = checkpoint.save("edited/ckpt");
  std::cout << path << ": learning rate "
            << cairn::load_variable(path, "learning_rate/.ATTRIBUTES/VARIABLE_VALUE").scalar<float>() << '\n';
}
