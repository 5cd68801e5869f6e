// Built: tells whether an optimizer has its slots yet, and for which Variables.
//
//   keras::Adam<Model> optimizer;          // not built: a checkpoint has its iterations and learning_rate
//   optimizer.build(model);                // built: it has a slot for each trainable Variable. The first
//                                          // apply_gradients builds it, too
#pragma once

#include "../core/detail/vec.hpp"
#include "../version.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace CAIRN_NAMESPACE::keras {

// A part of an optimizer's state, as the attribute `built` in Keras. It becomes true in build(), in the first
// apply_gradients(), and when a built optimizer is restored. It has the addresses of the model's Variables, but only to
// name the Variables in checkpoints: they may move or end.
class Built {
 public:
  // Returns true when the optimizer is built. Two are equal when both are built, or neither is.
  explicit operator bool() const noexcept { return is_built_; }
  friend bool operator==(const Built& a, const Built& b) noexcept { return a.is_built_ == b.is_built_; }

  // Everything below is for cairn's optimizers and for saves and restores.

  // Builds the optimizer. `variables` are the addresses of the trainable Variables. A Variable that is not trained, or
  // that is in the list a second time, has null there, and no slot.
  void build(core::detail::Vec<void*> variables) {
    if (is_built_ && variables_.empty()) has_slot_.assign(variables.size(), true);  // restored before
    has_slot_.resize(variables.size());
    for (std::size_t i = 0; i < variables.size(); ++i) has_slot_[i] = has_slot_[i] || variables[i] != nullptr;
    variables_ = std::move(variables);
    is_built_ = true;
  }
  // A restore sets whether the optimizer is built; it does not know the addresses of the Variables.
  void set_restored(bool is_built) noexcept { is_built_ = is_built; }

  // Tells whether Variable `index` has a slot; the answer is true for an index that is not known. variables() is empty
  // after a restore.
  [[nodiscard]] bool has_slot(std::size_t index) const noexcept {
    return index >= has_slot_.size() || has_slot_[index];
  }
  [[nodiscard]] core::detail::Vec<void*>& variables() noexcept { return variables_; }
  // The `decay` of a legacy optimizer of Keras 2, from a checkpoint: the learning rate is divided by
  // 1 + decay * iterations.
  [[nodiscard]] double& decay() noexcept { return decay_; }
  // The learning rate of the last step, where the optimizer has a schedule: Keras 2 saves it.
  [[nodiscard]] double& current_learning_rate() noexcept { return current_learning_rate_; }
  // Tells whether a restore that is under way restores slot variables, which legacy optimizers of Keras 2 have.
  enum class Restoring { nothing, with_slot_variables, without_slot_variables };
  // The restore sets it to with_slot_variables or without_slot_variables, and back to `nothing` at its end.
  [[nodiscard]] Restoring restoring() const noexcept { return restoring_; }
  void set_restoring(Restoring restoring) noexcept { restoring_ = restoring; }
  // Keeps the object alive that the walk refers to, until the next walk.
  void keep(std::shared_ptr<const void> told) noexcept { told_ = std::move(told); }

 private:
  bool is_built_ = false;
  double decay_ = 0;
  double current_learning_rate_ = 0;
  Restoring restoring_ = Restoring::nothing;
  std::shared_ptr<const void> told_;
  core::detail::Vec<bool> has_slot_;
  core::detail::Vec<void*> variables_;
};

}  // namespace CAIRN_NAMESPACE::keras
