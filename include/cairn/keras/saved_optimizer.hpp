// How an optimizer is saved: as Keras 3 saves its own, so that each restores what the other saved.
//
//   _variables             list: iterations, learning_rate, then the slots
//   _trainable_variables   list: the model's Variables, once the optimizer is built
//   _iterations, _learning_rate
//   _momentums, _velocities, ...   lists: a slot for each trainable Variable, once the optimizer is built
//
// A restore goes by the last two lines, and by `_trainable_variables` for what the model itself does not reach;
// `_variables` has other indices where the learning rate is a schedule. cairn's earlier names (`iterations`,
// `learning_rate`, `momentums`, `velocities`) are restored, too.
#pragma once

#include "../core/type_name.hpp"
#include "../graph/container_types.hpp"
#include "../graph/leaf_types.hpp"
#include "../graph/saved_part.hpp"
#include "optimizer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

namespace cairn::keras::detail {

// One of an optimizer's lists of slots.
struct SavedSlots {
  std::string_view name;                         // Keras'
  std::array<std::string_view, 1> earlier_name;  // cairn's
  std::vector<cairn::detail::Slot> slots = {};   // of all Variables that the model's type lists; none where not in use
};

// An optimizer without its type.
struct SavedOptimizer {
  Built* built = nullptr;
  cairn::detail::Slot iterations, learning_rate;
  std::vector<cairn::detail::Slot> variables = {};  // the model's, loose
  std::vector<SavedSlots> lists = {};
  std::size_t interleaved =
      1;  // of the lists, in `_variables`: Adam's have momentum, velocity, momentum, velocity, ...
};

class OptimizerType : public cairn::detail::ObjectType {
  using ChildSink = cairn::detail::ChildSink;
  using SavedPart = cairn::detail::SavedPart;

 public:
  void children(void* optimizer, const ChildSink& sink) const override {
    const SavedOptimizer saved = look_into(optimizer);
    const bool is_built{*saved.built};
    sink({.name = "_variables", .slot = variables_.of(optimizer)});
    if (is_built) sink({.name = "_trainable_variables", .slot = trainable_variables_.of(optimizer)});
    sink({.name = "_iterations", .slot = saved.iterations});
    if (!saved.built->has_schedule()) sink({.name = "_learning_rate", .slot = saved.learning_rate});
    if (is_built) list_slots(optimizer, saved, sink);
  }

  // An optimizer that was saved before it was built is restored to that: its slots are zero again.
  [[nodiscard]] std::unique_ptr<cairn::detail::Resize> resize(void* optimizer,
                                                              std::span<const std::string_view> names) const override {
    const auto has = [&](std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); };
    const SavedOptimizer saved = look_into(optimizer);
    const bool was_built = std::any_of(saved.lists.begin(), saved.lists.end(), [&](const SavedSlots& list) {
      return has(list.name) || has(list.earlier_name.front());
    });
    const bool has_schedule = has("_iterations") && !has("_learning_rate");
    return std::make_unique<cairn::detail::RestoredAs>(
        [this, optimizer, saved, was_built, has_schedule](const ChildSink& sink) {
          static constexpr std::array<std::string_view, 1> iterations{"iterations"}, learning_rate{"learning_rate"};
          sink({.name = "_iterations", .other_names = iterations, .slot = saved.iterations});
          if (!has_schedule)
            sink({.name = "_learning_rate", .other_names = learning_rate, .slot = saved.learning_rate});
          if (was_built) list_slots(optimizer, saved, sink);
          sink({.name = "_trainable_variables", .slot = trainable_variables_.of(optimizer)});
        },
        [this, optimizer, built = saved.built, was_built, has_schedule] {
          if (!was_built && *built) clear_slots(optimizer);
          built->set_restored(was_built, has_schedule);
        });
  }

 protected:
  [[nodiscard]] virtual SavedOptimizer look_into(void* optimizer) const = 0;
  virtual void clear_slots(void* optimizer) const noexcept = 0;

 private:
  static constexpr std::size_t max_lists = 3;

  void list_slots(void* optimizer, const SavedOptimizer& saved, const ChildSink& sink) const {
    for (std::size_t list = 0; list < saved.lists.size(); ++list)
      sink({.name = saved.lists[list].name,
            .other_names = saved.lists[list].earlier_name,
            .slot = slots_[list].of(optimizer)});
  }

  // visit(slot) for the slots of Variables that are trained.
  template <class Visit>
  static void for_each_slot(const SavedOptimizer& saved, const std::vector<cairn::detail::Slot>& slots, Visit visit) {
    for (std::size_t i = 0; i < slots.size(); ++i)
      if (saved.built->has_slot(i)) visit(slots[i]);
  }
  // `slots` under the names "0", "1", ...
  static void list(const SavedOptimizer& saved, const std::vector<cairn::detail::Slot>& slots, const ChildSink& sink) {
    std::size_t index = 0;
    for_each_slot(saved, slots, [&](const cairn::detail::Slot& slot) {
      sink({.name = cairn::detail::IndexName(index++).view(), .slot = slot});
    });
  }

  [[nodiscard]] static std::vector<cairn::detail::Slot> all_variables(const SavedOptimizer& saved) {
    std::vector<cairn::detail::Slot> all{saved.iterations};
    if (!saved.built->has_schedule()) all.push_back(saved.learning_rate);
    if (!*saved.built) return all;
    std::vector<std::vector<cairn::detail::Slot>> lists;
    for (const SavedSlots& each : saved.lists)
      for_each_slot(saved, each.slots, [&, list = &lists.emplace_back()](const auto& slot) { list->push_back(slot); });
    for (std::size_t first = 0; first < lists.size(); first += first == 0 ? saved.interleaved : 1) {
      const std::size_t count = first == 0 ? saved.interleaved : 1;
      for (std::size_t i = 0; i < lists[first].size(); ++i)
        for (std::size_t list = first; list < first + count; ++list) all.push_back(lists[list][i]);
    }
    return all;
  }

  const SavedPart variables_{"_variables", [this](void* optimizer, const ChildSink& sink) {
                               std::size_t index = 0;
                               for (const cairn::detail::Slot& slot : all_variables(look_into(optimizer)))
                                 sink({.name = cairn::detail::IndexName(index++).view(), .slot = slot});
                             }};
  const SavedPart trainable_variables_{"_trainable_variables", [this](void* optimizer, const ChildSink& sink) {
                                         const SavedOptimizer saved = look_into(optimizer);
                                         list(saved, saved.variables, sink);
                                       }};
  [[nodiscard]] SavedPart::Children list_of_slots(std::size_t index) const {
    return [this, index](void* optimizer, const ChildSink& sink) {
      const SavedOptimizer saved = look_into(optimizer);
      if (index < saved.lists.size()) list(saved, saved.lists[index].slots, sink);
    };
  }
  const std::array<SavedPart, max_lists> slots_{
      SavedPart{"slots", list_of_slots(0)}, SavedPart{"slots", list_of_slots(1)}, SavedPart{"slots", list_of_slots(2)}};
};

// Specialised for each optimizer:
//
//   static constexpr std::size_t interleaved;
//   static void visit(Optimizer& optimizer, auto visit);   // visit(name, earlier name, its Slots, whether in use)
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

template <class Optimizer, class Model>
class OptimizerTypeOf : public OptimizerType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return cairn::detail::type_name<Optimizer>(); }

 protected:
  [[nodiscard]] SavedOptimizer look_into(void* object) const override {
    Optimizer& optimizer = *static_cast<Optimizer*>(object);
    SavedOptimizer saved{.built = &optimizer.built,
                         .iterations = cairn::detail::slot_of(optimizer.iterations),
                         .learning_rate = cairn::detail::slot_of(optimizer.learning_rate),
                         .interleaved = SlotLists<Optimizer>::interleaved};
    SlotLists<Optimizer>::visit(optimizer,
                                [&](std::string_view name, std::string_view earlier_name, auto& slots, bool is_in_use) {
                                  saved.lists.push_back({name, {earlier_name}});
                                  if (is_in_use) saved.lists.back().slots = slots_in(slots);
                                });
    list_variables(saved, static_cast<const Slots<Model>*>(nullptr));
    return saved;
  }
  void clear_slots(void* object) const noexcept override {
    SlotLists<Optimizer>::visit(*static_cast<Optimizer*>(object),
                                [](std::string_view, std::string_view, auto& slots, bool) { clear(slots); });
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
