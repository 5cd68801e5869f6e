// From an optimizer's type to its OptimizerType (optimizer_type.hpp), which says how it is saved.
#pragma once

#include "../core/type_name.hpp"
#include "optimizer.hpp"
#include "optimizer_type.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cairn::keras::detail {

// Specialised for each optimizer:
//
//   static constexpr std::size_t interleaved;
//   static void visit(Optimizer& optimizer, auto visit);     // visit(SlotNames, its Slots, whether in use)
//   static std::vector<Hyper> hypers(Optimizer& optimizer);  // in Keras 2's legacy optimizers
template <class Optimizer>
struct SlotLists;

// How the walk sees the slots of an optimizer, and its Variables, which may be gone: by tables, one for each list.
template <class... Variables>
inline constexpr std::array<const cairn::detail::SlotType*, sizeof...(Variables)> slot_types{
    &cairn::detail::slot_type<Variables>...};
template <class... Variables>
inline constexpr std::array<cairn::detail::LooseSlot, sizeof...(Variables)> loose_slot_types{
    cairn::detail::LooseSlot(&cairn::detail::object_type<Variables>)...};

[[nodiscard]] inline std::vector<cairn::detail::Slot> slots_at(const AnySlotList& list,
                                                               std::span<const cairn::detail::SlotType* const> types) {
  std::vector<cairn::detail::Slot> slots(types.size());
  for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = {list[i], types[i]};
  return slots;
}
// Slots that only some settings use are a std::optional, filled here.
template <class... Variables>
[[nodiscard]] std::vector<cairn::detail::Slot> slots_in(SlotList<Variables...>& slots) {
  return slots_at(slots.untyped(), slot_types<Variables...>);
}
template <class... Variables>
[[nodiscard]] std::vector<cairn::detail::Slot> slots_in(std::optional<SlotList<Variables...>>& slots) {
  if (!slots) slots.emplace();
  return slots_in(*slots);
}
[[nodiscard]] inline std::vector<cairn::detail::Slot> loose_slots_at(std::vector<void*>& addresses,
                                                                     std::span<const cairn::detail::LooseSlot> types) {
  std::vector<cairn::detail::Slot> slots(types.size());
  for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = {&addresses[i], &types[i]};
  return slots;
}
inline void clear(const AnySlotList& slots) noexcept {
  for (std::size_t i = 0; i < slots.types.size(); ++i) {
    const auto count = slots.types[i].shape_of(slots[i]).num_elements();
    visit_parts(slots[i], slots.types[i].dtype, [&](auto& parts) { std::fill_n(parts.data(), count, 0); });
  }
}

template <class Optimizer, class Model, Dialect dialect>
class OptimizerTypeOf : public OptimizerType {
 public:
  OptimizerTypeOf() : OptimizerType(dialect) {}

  [[nodiscard]] std::string_view name() const noexcept override { return cairn::detail::type_name<Optimizer>(); }

 protected:
  [[nodiscard]] SavedOptimizer look_into(void* object) const override {
    Optimizer& optimizer = *static_cast<Optimizer*>(object);
    SavedOptimizer saved{.built = &optimizer.built,
                         .iterations = cairn::detail::slot_of(optimizer.iterations),
                         .learning_rate = cairn::detail::slot_of(optimizer.learning_rate),
                         .hypers = SlotLists<Optimizer>::hypers(optimizer),
                         .interleaved = SlotLists<Optimizer>::interleaved};
    SlotLists<Optimizer>::visit(optimizer, [&](const SlotNames& names, auto& slots, bool is_in_use) {
      saved.lists.push_back({names});
      if (is_in_use) saved.lists.back().slots = slots_in(slots);
    });
    list_variables(saved, static_cast<const Slots<Model>*>(nullptr));
    return saved;
  }
  void clear_slots(void* object) const noexcept override {
    SlotLists<Optimizer>::visit(*static_cast<Optimizer*>(object),
                                [](const SlotNames&, auto& slots, bool) { clear(without_types(slots)); });
  }

 private:
  template <class... Variables>
  static void list_variables(SavedOptimizer& saved, const SlotList<Variables...>*) {
    std::vector<void*>& addresses = saved.built->variables();
    if (addresses.size() == sizeof...(Variables))
      saved.variables = loose_slots_at(addresses, loose_slot_types<Variables...>);
  }
};

}  // namespace cairn::keras::detail
