// A training that may be stopped at any moment: saved in the background, at a signal, and restored past damage.

#include <cairn/cairn.hpp>

#include <csignal>
#include <filesystem>
#include <iostream>

struct Training {
  cairn::Variable<float, 784, 10> weights;
  std::int64_t step = 0;
};

// One life of the program: goes on where the last one was, until it is told to stop.
void train(const std::filesystem::path& directory, std::int64_t stopped_at) {
  Training training;
  cairn::Checkpoint checkpoint{training};
  cairn::CheckpointManager manager{checkpoint,
                                   directory,
                                   {.max_to_keep = 3,
                                    .step_counter = training.step,
                                    .checkpoint_interval = 10,
                                    .fall_back = true,
                                    .save_on_signal = true}};
  if (manager.restore_or_initialize())
    std::cout << "goes on at step " << training.step << '\n';
  else
    std::cout << "begins\n";
  for (const auto& damaged : manager.fall_back_report().damaged)
    std::cout << "  passed over " << std::filesystem::path(damaged.path).filename().string() << ", which is damaged\n";

  while (!manager.signal()) {
    training.weights.assign(training.weights + 0.5f);
    ++training.step;
    if (training.step == stopped_at) std::raise(SIGTERM);  // somebody stops the job

    // Every tenth step, and at once after the signal. The next step does not wait for the disk.
    manager.save({.enable_async = true});
  }
  manager.sync();
  std::cout << "stopped at step " << training.step << ", saved as "
            << std::filesystem::path(*manager.latest_checkpoint()).filename().string() << '\n';
}

int main() {
  const std::filesystem::path directory = "training_that_survives";
  train(directory, 24);
  train(directory, 45);

  // A disk that loses bytes: the newest checkpoint's data file ends too early.
  std::filesystem::resize_file(directory / "ckpt-7.data-00000-of-00001", 1000);
  train(directory, 52);

  std::filesystem::remove_all(directory);
}
