// SlotVariables: the state that an optimizer has for each variable of a model, as in TensorFlow 1 and Keras 2.
//
//   struct Adam {
//     float beta1_power = 0.9f, beta2_power = 0.999f;
//     cairn::SlotVariables m, v;                             // a slot has the member's name, or one from members<Adam>
//   };
//   optimizer.m[model.w](0) += ...;                          // a Variable like model.w, zero at first
//
//   cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
//   // key  model/w/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE
//
// A restore makes the slot variables that the checkpoint has, as soon as it has found both the variable and the
// optimizer.
#pragma once

#include "detail/leaf_types.hpp"
#include "detail/slot_variable_set.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

// The slot variables of one slot, one for each variable. A variable is known by its address: a variable that was moved
// has no slot variable any more. A save writes those slot variables whose variables are tracked in the same Checkpoint.
// A thread that calls a non-const function must have the object alone.
class SlotVariables final : public graph::detail::SlotVariableSet {
 public:
  SlotVariables() = default;
  SlotVariables(SlotVariables&&) = default;
  SlotVariables& operator=(SlotVariables&&) = default;

  // The slot variable of `variable`, whose type is the variable's. Where there is none, one is made, with the
  // variable's shape and zeros. The reference is valid until clear(), or until this object ends.
  template <class V>
  V& operator[](V& variable) {
    static_assert(is_variable<std::remove_const_t<V>> && !std::is_const_v<V>,
                  "cairn: only Variables have slot variables. Make it a Variable, one that is not const.");
    const graph::detail::Object object = graph::detail::slot_of(variable).get();
    std::shared_ptr<void>& slot = slots_[object];
    if (slot == nullptr) slot = make_like(object);
    return *static_cast<V*>(slot.get());
  }
  // The slot variable of `variable`; null when there is none.
  template <class V>
  [[nodiscard]] V* find(V& variable) const {
    return static_cast<V*>(find(graph::detail::slot_of(variable).get()).address);
  }

  // size() is the number of slots; clear() drops them all.
  [[nodiscard]] std::size_t size() const noexcept { return slots_.size(); }
  void clear() noexcept { slots_.clear(); }

  // The functions below are the interface for the walk.
  void list(const Sink& sink) const override {
    for (const auto& [variable, slot] : slots_) sink(variable, {slot.get(), variable.type});
  }
  [[nodiscard]] graph::detail::Object find(const graph::detail::Object& variable) const override {
    const auto found = slots_.find(variable);
    return found == slots_.end() ? graph::detail::Object{} : graph::detail::Object{found->second.get(), variable.type};
  }
  [[nodiscard]] core::detail::Own<graph::detail::Change> create(const graph::detail::Object& variable,
                                                                const graph::detail::Object& there,
                                                                graph::detail::Object& created) override {
    std::shared_ptr<void> slot = make_like(variable);
    if (slot == nullptr) return nullptr;
    created = {slot.get(), variable.type};
    auto addition = core::detail::make_own<Addition>(slots_);
    addition->added.emplace(there, std::move(slot));
    return addition;
  }

 private:
  // A Variable of the type and shape of that one, with zeros; null for other objects.
  [[nodiscard]] static std::shared_ptr<void> make_like(const graph::detail::Object& variable) {
    const graph::detail::LeafType* const leaf = variable.type->leaf();
    const tensor::detail::VariableTraits* const traits = leaf == nullptr ? nullptr : leaf->variable_traits();
    if (traits == nullptr) return nullptr;
    using Parts = tensor::detail::VariableParts;  // which every Variable begins with
    if (static_cast<const Parts*>(variable.address)->elements().is_null())
      graph::detail::refuse_moved_from(leaf->name());
    std::shared_ptr<void> made(traits->make(), traits->destroy);
    static_cast<Parts*>(made.get())->set_trainable(false);
    if (const Shape shape = traits->shape_of(variable.address); shape != traits->declared.initial_shape()) {
      tensor::detail::Elements elements(traits->dtype, traits->declared.count_required(shape));
      static_cast<Parts*>(made.get())->swap_elements(elements);
      traits->reshape(made.get(), shape);
    }
    return made;
  }

  struct Before {
    bool operator()(const graph::detail::Object& a, const graph::detail::Object& b) const noexcept {
      const auto number = [](const void* place) { return reinterpret_cast<std::uintptr_t>(place); };
      return a.address != b.address ? number(a.address) < number(b.address) : number(a.type) < number(b.type);
    }
  };
  using Slots = std::map<graph::detail::Object, std::shared_ptr<void>, Before>;

  class Addition final : public graph::detail::Change {
   public:
    explicit Addition(Slots& target) : target_(target) {}
    void commit() noexcept override { target_.merge(added); }
    Slots added;

   private:
    Slots& target_;
  };

  Slots slots_;
};

}  // namespace CAIRN_NAMESPACE
