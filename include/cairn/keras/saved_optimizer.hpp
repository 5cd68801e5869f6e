// From an optimizer's type to its OptimizerType (optimizer_type.hpp), which says how it is saved.
#pragma once

#include "../core/type_name.hpp"
#include "optimizer.hpp"
#include "optimizer_type.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <vector>

namespace cairn::keras::detail {

// Specialised for each optimizer:
//
//   static constexpr std::size_t interleaved;
//   static void visit(Optimizer& optimizer, auto visit);     // visit(SlotNames, its Slots, whether in use)
//   static std::vector<Hyper> hypers(Optimizer& optimizer);  // in Keras 2's legacy optimizers
template <class Optimizer>
struct SlotLists;

// Slots that only some settings use are a std::optional, filled here.
template <class Slots>
[[nodiscard]] std::vector<cairn::detail::Slot> slots_in(Slots& slots) {
  if constexpr (is_optional<Slots>) {
    if (!slots) slots.emplace();
    return slots_in(*slots);
  } else {
    return std::apply([](auto&... each) { return std::vector<cairn::detail::Slot>{cairn::detail::slot_of(each)...}; },
                      slots);
  }
}
template <class Slots>
void clear(Slots& slots) noexcept {
  if constexpr (is_optional<Slots>) {
    if (slots) clear(*slots);
  } else {
    const auto zero = []<class V>(V& slot) { std::fill_n(slot.data(), slot.size(), typename V::value_type{0}); };
    std::apply([&](auto&... each) { (zero(each), ...); }, slots);
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
                                [](const SlotNames&, auto& slots, bool) { clear(slots); });
  }

 private:
  template <class... Variables>
  static void list_variables(SavedOptimizer& saved, const std::tuple<Variables...>*) {
    std::vector<void*>& addresses = saved.built->variables();
    if (addresses.size() != sizeof...(Variables)) return;
    std::size_t index = 0;
    (saved.variables.push_back(cairn::detail::loose_slot_of<Variables>(addresses[index++])), ...);
  }
};

}  // namespace cairn::keras::detail
