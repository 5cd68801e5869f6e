// A Keras model and its optimizer: numbered checkpoints around a training step, and back to the latest of them.

#include <cairn/cairn.hpp>

#include <filesystem>
#include <iostream>

namespace keras = cairn::keras;
using namespace cairn::literals;

int main() {
  cairn::random::set_seed(1);

  // Define a simple Keras model and an optimizer.
  keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
  keras::Adam<decltype(model)> optimizer{.learning_rate = 0.001f};

  // Create a Checkpoint that will manage the model and the optimizer.
  cairn::Checkpoint checkpoint{"optimizer"_a = optimizer, "model"_a = model};

  // Create a CheckpointManager that will keep the three latest checkpoints.
  cairn::CheckpointManager manager{checkpoint, "training_checkpoints_example_1", {.max_to_keep = 3}};

  // Save the initial state.
  std::cout << "saved " << manager.save().value() << '\n';

  // Train for one step, and save the state again.
  const auto x = cairn::random::normal<float, 10, 784>();
  const auto y = cairn::random::normal<float, 10, 10>();
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_mean(cairn::square(model(x) - y));
  optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
  std::cout << "saved " << manager.save().value() << '\n';

  // Restore the latest checkpoint, if there is one, ...
  const auto restored = manager.restore_or_initialize();
  std::cout << "restored " << restored.value_or("nothing, starting afresh") << '\n';

  // ... or a specific one: everything in it must fit.
  checkpoint.restore(manager.latest_checkpoint()).assert_consumed();

  // The first five weights of the first row of the first kernel.
  const cairn::Variable<float, 784, 10>& kernel = model.trainable_variables().get<0>();
  for (int i = 0; i < 5; ++i) std::cout << kernel(0, i) << (i < 4 ? " " : "\n");

  // Clean up.
  std::filesystem::remove_all(manager.directory());
}
