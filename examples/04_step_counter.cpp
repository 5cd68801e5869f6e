// A step counter in the checkpoint: a training loop that is killed goes on where it was.

#include <cairn/cairn.hpp>

#include <filesystem>
#include <iostream>

namespace keras = cairn::keras;
using namespace cairn::literals;

int main() {
  cairn::random::set_seed(1);

  // The model and the optimizer of example 02, and an integer that counts steps.
  keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
  keras::Adam<decltype(model)> optimizer{.learning_rate = 0.001f};
  std::int64_t step = 0;

  cairn::Checkpoint checkpoint{"step"_a = step, "optimizer"_a = optimizer, "model"_a = model};
  cairn::CheckpointManager manager{checkpoint, "training_checkpoints_example_3", {.max_to_keep = 3}};

  // Save the initial state.
  manager.save();

  // Train for five steps, and save at every second one.
  for (int i = 0; i < 5; ++i) {
    const auto x = cairn::random::normal<float, 10, 784>();
    const auto y = cairn::random::normal<float, 10, 10>();
    cairn::GradientTape tape;
    const auto loss = cairn::reduce_mean(cairn::square(model(x) - y));
    optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
    ++step;
    if (step % 2 == 0) std::cout << "step " << step << ": saved " << manager.save().value() << '\n';
  }
  std::cout << "stopped at step " << step << '\n';

  // What a new process does first: the fifth step was not saved, so training goes on from the fourth.
  manager.restore_or_initialize();
  std::cout << "restored to step " << step << '\n';

  // Clean up.
  std::filesystem::remove_all(manager.directory());
}
