// The mean of the last checkpoints of a training, which is often better than each of them. On the command line:
//
//   cairn average training/ckpt-3 training/ckpt-4 training/ckpt-5 --out averaged/ckpt

#include <cairn/cairn.hpp>
#include <cairn/edit.hpp>

#include <iostream>

struct Training {
  cairn::Variable<float, 4> weights;
  std::int64_t step = 0;
};

int main() {
  Training training;
  cairn::Checkpoint checkpoint{training};
  cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
  while (training.step < 5) {
    ++training.step;
    training.weights.assign(training.weights + 1.0f / static_cast<float>(training.step));
    manager.save();
  }

  // Floating values become the mean; everything else, such as the step, is that of the checkpoint that is edited.
  const std::vector<std::string> last = manager.checkpoints();
  cairn::CheckpointEditor{last[2]}.average({last[0], last[1]}).write("averaged/ckpt");

  const cairn::CheckpointReader reader{"averaged/ckpt"};
  for (const std::string& path : last) std::cout << path << ' ' << cairn::load_variable(path, "weights") << '\n';
  std::cout << "averaged/ckpt   " << reader.get_tensor("weights") << ", step " << reader.get_tensor("step") << '\n';
}
