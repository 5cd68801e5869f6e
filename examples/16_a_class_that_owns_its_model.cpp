// A class that owns a model with its Checkpoint and CheckpointManager, and many of its objects, which can be moved.

#include <cairn/cairn.hpp>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

struct Model {
  cairn::Variable<float, 3> weights;
  std::int64_t step = 0;
};

// The Checkpoint refers to the model, and the manager to the Checkpoint: the members stand in this order, and an object
// stays in its place. So it can be neither copied nor moved; a std::unique_ptr to it can.
class Trainer {
 public:
  explicit Trainer(const std::string& directory) : manager_(checkpoint_, directory, {.max_to_keep = 2}) {
    manager_.restore_or_initialize();
  }
  Trainer(Trainer&&) = delete;

  void train() {
    model_.weights.assign(model_.weights + 0.5f);
    ++model_.step;
    manager_.save({.durability = cairn::Durability::none});
  }
  [[nodiscard]] const Model& model() const { return model_; }

 private:
  Model model_;
  cairn::CheckpointOf<Model> checkpoint_{model_};
  cairn::CheckpointManager<cairn::CheckpointOf<Model>> manager_;
};

int main() {
  for (const int life : {1, 2}) {
    std::vector<std::unique_ptr<Trainer>> trainers;
    for (const char* const name : {"ensemble/a", "ensemble/b"}) trainers.push_back(std::make_unique<Trainer>(name));
    std::swap(trainers[0], trainers[1]);  // moves pointers; the trainers stay where they are
    for (int i = 0; i < life; ++i) trainers[0]->train();
    trainers[1]->train();
    std::cout << "life " << life << ": b at step " << trainers[0]->model().step << ", a at step "
              << trainers[1]->model().step << '\n';
  }
  std::cout << "of b there is " << *cairn::latest_checkpoint("ensemble/b") << '\n';
  std::filesystem::remove_all("ensemble");
}
