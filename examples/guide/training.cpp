// A plain struct, a Checkpoint and a CheckpointManager around a training loop.

#include <cairn/cairn.hpp>

#include <cstdint>
#include <iostream>
#include <vector>

struct Training {
  cairn::Variable<float, 784, 10> weights;
  std::vector<double> losses;
  std::int64_t step = 0;
};

void train(Training& training);  // one step of your training

int main() {
  Training training;
  cairn::Checkpoint checkpoint{training};
  cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
  manager.restore_or_initialize();  // goes on where the last run of the program ended

  while (training.step < 1000) {
    train(training);
    if (training.step % 100 == 0) manager.save();  // training/ckpt-1, then ckpt-2, ...
  }
  std::cout << "the latest is " << *manager.latest_checkpoint() << '\n';
}

void train(Training& training) {
  training.weights.assign(training.weights + 0.5f);
  training.losses.push_back(1.0 / static_cast<double>(++training.step));
}
