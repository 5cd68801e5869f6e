// Built: whether an optimizer has its state yet, and for which Variables.
//
//   keras::Adam<Model> optimizer;          // not built: a checkpoint has its iterations and learning_rate
//   optimizer.build(model);                // built, as by the first apply_gradients:
//                                          // a slot for each trainable Variable
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace cairn::keras {

// Part of an optimizer's state, as Keras' attribute of that name: true from build(), the first apply_gradients() or the
// restore of a built optimizer on. It knows where the model's Variables are, only to name them in checkpoints: they may
// move or end.
class Built {
 public:
  explicit operator bool() const noexcept { return is_built_; }
  friend bool operator==(const Built& a, const Built& b) noexcept { return a.is_built_ == b.is_built_; }

  // From here on for the program's optimizers and the walk.

  // Where the trainable Variables are; null where one is not to be trained or was listed before: it has no slot.
  void build(std::vector<void*> variables) {
    if (is_built_ && variables_.empty()) has_slot_.assign(variables.size(), true);  // restored before
    has_slot_.resize(variables.size());
    for (std::size_t i = 0; i < variables.size(); ++i) has_slot_[i] = has_slot_[i] || variables[i] != nullptr;
    variables_ = std::move(variables);
    is_built_ = true;
  }
  // A restore does not say where Variables are.
  void set_restored(bool is_built) noexcept { is_built_ = is_built; }

  [[nodiscard]] bool has_slot(std::size_t index) const noexcept {
    return index >= has_slot_.size() || has_slot_[index];
  }
  [[nodiscard]] std::vector<void*>& variables() noexcept { return variables_; }
  // What a checkpoint of Keras 2's legacy optimizers said: they divide the rate by 1 + decay * iterations.
  [[nodiscard]] double& decay() noexcept { return decay_; }
  // With a schedule the rate of the last step, where the walk finds it: Keras 2 saves that.
  [[nodiscard]] double& current_learning_rate() noexcept { return current_learning_rate_; }
  // What a restore that is under way does with slot variables, as Keras 2's legacy optimizers have.
  enum class Restoring { nothing, with_slot_variables, without_slot_variables };
  [[nodiscard]] Restoring restoring() const noexcept { return restoring_; }
  void set_restoring(Restoring restoring) noexcept { restoring_ = restoring; }
  // Keeps what the walk was told of until it asks again.
  void keep(std::shared_ptr<const void> told) noexcept { told_ = std::move(told); }

 private:
  bool is_built_ = false;
  double decay_ = 0;
  double current_learning_rate_ = 0;
  Restoring restoring_ = Restoring::nothing;
  std::shared_ptr<const void> told_;
  std::vector<bool> has_slot_;
  std::vector<void*> variables_;
};

}  // namespace cairn::keras
