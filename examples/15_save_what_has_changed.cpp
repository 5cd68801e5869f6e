// A save that writes only what has changed. What is frozen is on the disk once, and every checkpoint has a name for it.

#include <cairn/cairn.hpp>

#include <filesystem>
#include <iostream>

struct Training {
  cairn::Variable<float, 20'000, 64> embedding;  // five megabytes that nobody trains
  cairn::Variable<float, 64, 10> head;
  std::int64_t step = 0;
};

int main() {
  Training training;
  cairn::Checkpoint checkpoint{training};
  cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
  while (training.step < 5) {
    ++training.step;
    training.head.assign(training.head + 0.5f);
    manager.save({.incremental = true, .frozen = {"embedding"}});
  }

  const std::vector<std::string> paths = manager.checkpoints();
  for (const std::string& path : paths) {
    std::cout << path << '\n';
    for (const std::string& file : cairn::bundle::data_files(path))
      std::cout << "  " << file << ": " << std::filesystem::file_size(file)
                << " bytes, names: " << std::filesystem::hard_link_count(file) << '\n';
  }

  // Each is complete by itself: those before it can go.
  cairn::bundle::remove_checkpoint(paths[0]);
  cairn::bundle::remove_checkpoint(paths[1]);
  Training later;
  cairn::Checkpoint{later}.restore(paths[2]).assert_consumed();
  std::cout << "restored step " << later.step << " with head " << later.head(0, 0) << '\n';
}
