// From an optimizer's type to its OptimizerType (optimizer_type.hpp), which says how it is saved.
#pragma once

#include "../../core/detail/type_name.hpp"
#include "../../core/detail/vec.hpp"
#include "learning_rate.hpp"
#include "optimizer.hpp"
#include "optimizer_type.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::keras::detail {

// Specialised for each optimizer:
//
//   static constexpr std::size_t interleaved;
//   static void visit(Optimizer& optimizer, auto visit);     // visit(SlotNames, its Slots, whether in use)
//   static std::vector<Hyper> hypers(Optimizer& optimizer);  // in Keras 2's legacy optimizers
template <class Optimizer>
struct SlotLists;
template <class T>
concept HasSlotLists = requires { sizeof(SlotLists<T>); };

// How the walk sees the slots for a model, and its Variables, which may be gone.
template <class... Variables>
[[nodiscard]] constexpr std::array<const graph::detail::SlotType*, sizeof...(Variables)> make_slot_types(
    core::detail::TypeList<Variables...>) noexcept {
  return {&graph::detail::slot_type<Variables>...};
}
template <class Variable>
inline constexpr graph::detail::LooseSlot loose_slot_type(&graph::detail::object_type<Variable>);
template <class... Variables>
[[nodiscard]] constexpr std::array<const graph::detail::SlotType*, sizeof...(Variables)> make_loose_slot_types(
    core::detail::TypeList<Variables...>) noexcept {
  return {&loose_slot_type<Variables>...};
}
template <class Model>
inline constexpr auto slot_types = make_slot_types(typename Slots<Model>::Types{});
template <class Model>
inline constexpr auto loose_slot_types = make_loose_slot_types(typename Slots<Model>::Types{});

[[nodiscard]] inline core::detail::Vec<graph::detail::Slot> slots_at(
    const AnySlots& list, std::span<const graph::detail::SlotType* const> types) {
  core::detail::Vec<graph::detail::Slot> slots(types.size());
  for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = {list[i], types[i]};
  return slots;
}
// Slots that only some settings use are a std::optional, filled here.
template <class Model>
[[nodiscard]] core::detail::Vec<graph::detail::Slot> slots_in(Slots<Model>& slots) {
  return slots_at(slots.untyped(), slot_types<Model>);
}
template <class Model>
[[nodiscard]] core::detail::Vec<graph::detail::Slot> slots_in(std::optional<Slots<Model>>& slots) {
  if (!slots) slots.emplace();
  return slots_in(*slots);
}
[[nodiscard]] inline core::detail::Vec<graph::detail::Slot> loose_slots_at(
    core::detail::Vec<void*>& addresses, std::span<const graph::detail::SlotType* const> types) {
  core::detail::Vec<graph::detail::Slot> slots;
  if (addresses.size() != types.size()) return slots;
  for (std::size_t i = 0; i < types.size(); ++i) slots.push_back({&addresses[i], types[i]});
  return slots;
}

template <class Optimizer, class Model, Dialect dialect>
class OptimizerTypeOf : public OptimizerType {
 public:
  OptimizerTypeOf() : OptimizerType(dialect) {}

  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<Optimizer>(); }

 protected:
  [[nodiscard]] SavedOptimizer look_into(void* object) const override {
    Optimizer& optimizer = *static_cast<Optimizer*>(object);
    SavedOptimizer saved{.built = &optimizer.built,
                         .iterations = graph::detail::slot_of(optimizer.iterations),
                         .hypers = SlotLists<Optimizer>::hypers(optimizer),
                         .interleaved = SlotLists<Optimizer>::interleaved};
    if constexpr (!is_schedule<decltype(optimizer.learning_rate)>)
      saved.learning_rate = graph::detail::slot_of(optimizer.learning_rate);
    else if constexpr (dialect == Dialect::keras_2)
      optimizer.built.current_learning_rate() =
          static_cast<double>(optimizer.learning_rate(std::max(optimizer.iterations, std::int64_t{1}) - 1));
    SlotLists<Optimizer>::visit(optimizer, [&](const SlotNames& names, auto& slots, bool is_in_use) {
      saved.lists.push_back({names});
      if (is_in_use) saved.lists.back().slots = slots_in(slots);
    });
    saved.variables = loose_slots_at(optimizer.built.variables(), loose_slot_types<Model>);
    return saved;
  }
  [[nodiscard]] Built& built_of(void* object) const noexcept override { return static_cast<Optimizer*>(object)->built; }
  [[nodiscard]] std::int64_t& iterations_of(void* object) const noexcept override {
    return static_cast<Optimizer*>(object)->iterations;
  }
  void clear_slots(void* object) const noexcept override {
    SlotLists<Optimizer>::visit(*static_cast<Optimizer*>(object), [](const SlotNames&, auto& slots, bool) {
      if (AnySlots* const all = without_types(slots)) all->clear();
    });
  }
};

}  // namespace CAIRN_NAMESPACE::keras::detail

template <template <class, class, cairn::keras::Dialect> class Optimizer, class Model, class LearningRate,
          cairn::keras::Dialect dialect>
  requires cairn::keras::detail::HasSlotLists<Optimizer<Model, LearningRate, dialect>>
struct cairn::reflect::detail::Adapter<Optimizer<Model, LearningRate, dialect>> {
  using type = keras::detail::OptimizerTypeOf<Optimizer<Model, LearningRate, dialect>, Model, dialect>;
};
