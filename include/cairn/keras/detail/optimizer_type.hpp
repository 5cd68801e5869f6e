// How an optimizer is saved: as Keras 3 saves its own, so that each restores what the other saved.
//
//   _variables             list: iterations, learning_rate, then the slots
//   _trainable_variables   list: the model's Variables, once the optimizer is built
//   _iterations, _learning_rate (a number; nothing is saved of a schedule)
//   _momentums, _velocities, ...   lists: a slot for each trainable Variable, once the optimizer is built
//
// A restore goes by the last two lines, and by `_trainable_variables` for what the model itself does not reach;
// `_variables` has other indices where the learning rate is a schedule. Restored are also Keras 2's optimizers, those
// from 2.11 on by their `_variables` (iterations, then the slots; `_current_learning_rate` is what a schedule gave
// last), earlier ones by their slot variables; and cairn's own of earlier days (`iterations`, `learning_rate`,
// `momentums`, `velocities`). In a LossScaleOptimizer's checkpoint it is the inner optimizer that is restored.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../graph/detail/container_types.hpp"
#include "../../graph/detail/leaf_types.hpp"
#include "../../graph/detail/saved_part.hpp"
#include "../built.hpp"
#include "../dialect.hpp"
#include "saved_legacy.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace cairn::keras::detail {

// What one of an optimizer's lists of slots is called.
struct SlotNames {
  std::string_view name;                         // in Keras 3
  std::array<std::string_view, 1> earlier_name;  // in cairn's first checkpoints
  std::string_view legacy_name;                  // as a slot variable
};
struct SavedSlots {
  SlotNames names;
  core::detail::Vec<graph::detail::Slot> slots =
      {};  // of all Variables that the model's type lists; none where not in use
};
struct Hyper {
  std::string_view name;
  double* number;
};

// An optimizer without its type.
struct SavedOptimizer {
  Built* built = nullptr;
  graph::detail::Slot iterations;
  graph::detail::Slot learning_rate = {};                 // empty with a schedule
  core::detail::Vec<graph::detail::Slot> variables = {};  // the model's, loose
  core::detail::Vec<SavedSlots> lists = {};
  core::detail::Vec<Hyper> hypers = {};
  std::size_t interleaved =
      1;  // of the lists, in `_variables`: Adam's have momentum, velocity, momentum, velocity, ...

  [[nodiscard]] bool has_schedule() const noexcept { return learning_rate.type == nullptr; }
};

class OptimizerType : public graph::detail::ObjectType {
  using ChildSink = graph::detail::ChildSink;
  using SavedPart = graph::detail::SavedPart;
  using Slot = graph::detail::Slot;
  using Resize = graph::detail::Resize;
  using RestoredAs = graph::detail::RestoredAs;

 public:
  explicit OptimizerType(Dialect dialect) : dialect_(dialect) {}

  void children(void* optimizer, const ChildSink& sink) const override {
    const SavedOptimizer saved = look_into(optimizer);
    const bool is_built{*saved.built};
    if (dialect_ == Dialect::keras_2_legacy) {  // nothing at all before it is built
      if (is_built) list_legacy(saved, sink);
      return;
    }
    sink({.name = "_variables", .slot = variables_.of(optimizer)});
    if (dialect_ == Dialect::keras_3)
      sink({.name = "_trainable_variables", .slot = trainable_variables_.of(optimizer)});
    sink({.name = "_iterations", .slot = saved.iterations});
    if (!saved.has_schedule())
      sink({.name = "_learning_rate", .slot = saved.learning_rate});
    else if (dialect_ == Dialect::keras_2)
      list_current_learning_rate(saved, sink);
    if (is_built && dialect_ == Dialect::keras_3) list_slots(optimizer, saved, sink);
  }

  void slot_variables(void* optimizer, const graph::detail::SlotVariablesSink& sink) const override {
    const SavedOptimizer saved = look_into(optimizer);
    const bool are_saved = dialect_ == Dialect::keras_2_legacy && *saved.built;
    if (saved.built->restoring() == Built::Restoring::nothing
            ? !are_saved
            : saved.built->restoring() == Built::Restoring::without_slot_variables)
      return;
    const auto sets = std::make_shared<core::detail::Vec<LegacySlots>>(saved.lists.size());
    for (std::size_t list = 0; list < saved.lists.size(); ++list) {
      const core::detail::Vec<Slot>& slots = saved.lists[list].slots;
      for (std::size_t i = 0; i < std::min(slots.size(), saved.variables.size()); ++i)
        if (const auto variable = saved.variables[i].get()) (*sets)[list].add(variable, slots[i].get());
      sink(saved.lists[list].names.legacy_name, (*sets)[list], {});
    }
    saved.built->keep(sets);
  }

  // An optimizer that was saved before it was built is restored to that: its slots are zero again.
  [[nodiscard]] core::detail::Own<Resize> resize(void* optimizer,
                                                 std::span<const std::string_view> names) const override {
    const auto has = [&](std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); };
    const SavedOptimizer saved = look_into(optimizer);
    const bool has_slots = std::any_of(saved.lists.begin(), saved.lists.end(), [&](const SavedSlots& list) {
      return has(list.names.name) || has(list.names.earlier_name.front());
    });
    const bool has_current_rate = saved.has_schedule() && has("_current_learning_rate");
    if (names.empty()) return as_new(optimizer, saved);
    if (has("inner_optimizer")) {  // a LossScaleOptimizer's own numbers are not those of the optimizer in it
      const auto list_inner = [this, optimizer](const ChildSink& sink) {
        sink({.name = "inner_optimizer", .slot = inner_optimizer_.of(optimizer)});
      };
      return core::detail::make_own<RestoredAs>(list_inner);
    }
    if (has("iter")) return from_legacy(optimizer, saved);
    if (has("_variables") && !has("_trainable_variables") && !has_slots)
      return from_keras_2(optimizer, saved, has_current_rate);
    return from_keras_3(optimizer, saved, has_slots, has_current_rate);
  }

 protected:
  [[nodiscard]] virtual SavedOptimizer look_into(void* optimizer) const = 0;
  virtual void clear_slots(void* optimizer) const noexcept = 0;

 private:
  static constexpr std::size_t max_lists = 3;

  // The optimizer restored as `children` say; `commit` when all of it is. Slot variables come later in the same
  // restore, which may fail: then, too, the optimizer is as before.
  template <class Children, class Commit>
  [[nodiscard]] static core::detail::Own<Resize> restored(Built& built, Built::Restoring how, Children children,
                                                          Commit commit) {
    const auto done = [](Built* restored) { restored->set_restoring(Built::Restoring::nothing); };
    built.set_restoring(how);
    const std::shared_ptr<Built> restoring(&built, done);
    return core::detail::make_own<RestoredAs>([restoring, children](const ChildSink& sink) { children(sink); },
                                              [restoring, commit, done] {
                                                commit();
                                                done(restoring.get());
                                              });
  }
  [[nodiscard]] core::detail::Own<Resize> from_keras_3(void* optimizer, const SavedOptimizer& saved, bool was_built,
                                                       bool has_current_rate) const {
    return restored(
        *saved.built, Built::Restoring::without_slot_variables,
        [this, optimizer, saved, was_built, has_current_rate](const ChildSink& sink) {
          list_numbers(saved, has_current_rate, sink);
          if (was_built) list_slots(optimizer, saved, sink);
          sink({.name = "_trainable_variables", .slot = trainable_variables_.of(optimizer)});
        },
        [this, optimizer, built = saved.built, was_built] { set_restored(optimizer, *built, was_built); });
  }
  // Whether it was built is known when its list is looked at.
  [[nodiscard]] core::detail::Own<Resize> from_keras_2(void* optimizer, const SavedOptimizer& saved,
                                                       bool has_current_rate) const {
    return restored(
        *saved.built, Built::Restoring::without_slot_variables,
        [this, optimizer, saved, has_current_rate](const ChildSink& sink) {
          list_numbers(saved, has_current_rate, sink);
          sink({.name = "_variables", .slot = keras_2_variables_.of(optimizer)});
        },
        [] {});
  }
  [[nodiscard]] core::detail::Own<Resize> from_legacy(void* optimizer, const SavedOptimizer& saved) const {
    return restored(
        *saved.built, Built::Restoring::with_slot_variables,
        [this, saved](const ChildSink& sink) { list_legacy(saved, sink); },
        [this, optimizer, built = saved.built] { set_restored(optimizer, *built, true); });
  }
  // A legacy optimizer before its first step has nothing that could be saved.
  [[nodiscard]] core::detail::Own<Resize> as_new(void* optimizer, const SavedOptimizer& saved) const {
    return restored(
        *saved.built, Built::Restoring::without_slot_variables, [](const ChildSink&) {},
        [this, optimizer, saved] {
          *static_cast<std::int64_t*>(saved.iterations.place) = 0;
          set_restored(optimizer, *saved.built, false);
        });
  }
  void set_restored(void* optimizer, Built& built, bool was_built) const noexcept {
    if (!was_built && built) clear_slots(optimizer);
    built.set_restored(was_built);
  }

  void list_numbers(const SavedOptimizer& saved, bool has_current_rate, const ChildSink& sink) const {
    static constexpr std::array<std::string_view, 1> iterations{"iterations"}, learning_rate{"learning_rate"};
    sink({.name = "_iterations", .other_names = iterations, .slot = saved.iterations});
    if (!saved.has_schedule())
      sink({.name = "_learning_rate", .other_names = learning_rate, .slot = saved.learning_rate});
    if (has_current_rate) list_current_learning_rate(saved, sink);
  }
  void list_current_learning_rate(const SavedOptimizer& saved, const ChildSink& sink) const {
    sink({.name = "_current_learning_rate", .slot = {&saved.built->current_learning_rate(), &hyper_slot_}});
  }
  void list_legacy(const SavedOptimizer& saved, const ChildSink& sink) const {
    sink({.name = "iter", .slot = saved.iterations});
    for (const Hyper& hyper : saved.hypers) sink({.name = hyper.name, .slot = {hyper.number, &hyper_slot_}});
    sink({.name = "decay",
          .slot = dialect_ == Dialect::keras_2_legacy ? Slot{&saved.built->decay(), &hyper_slot_}
                                                      : Slot{&no_decay_, &decay_slot_}});
    if (!saved.has_schedule()) sink({.name = "learning_rate", .slot = saved.learning_rate});
  }

  void list_slots(void* optimizer, const SavedOptimizer& saved, const ChildSink& sink) const {
    for (std::size_t list = 0; list < saved.lists.size(); ++list)
      sink({.name = saved.lists[list].names.name,
            .other_names = saved.lists[list].names.earlier_name,
            .slot = slots_[list].of(optimizer)});
  }

  // visit(slot) for the slots of Variables that are trained.
  template <class Visit>
  static void for_each_slot(const SavedOptimizer& saved, const core::detail::Vec<Slot>& slots, Visit visit) {
    for (std::size_t i = 0; i < slots.size(); ++i)
      if (saved.built->has_slot(i)) visit(slots[i]);
  }
  // `slots` under the names "0", "1", ...
  static void list(const SavedOptimizer& saved, const core::detail::Vec<Slot>& slots, const ChildSink& sink) {
    std::size_t index = 0;
    for_each_slot(saved, slots,
                  [&](const Slot& slot) { sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot}); });
  }

  [[nodiscard]] static core::detail::Vec<Slot> all_variables(const SavedOptimizer& saved, Dialect dialect,
                                                             bool is_built) {
    core::detail::Vec<Slot> all{saved.iterations};
    if (dialect == Dialect::keras_3 && !saved.has_schedule()) all.push_back(saved.learning_rate);
    if (!is_built) return all;
    core::detail::Vec<core::detail::Vec<Slot>> lists;
    for (const SavedSlots& each : saved.lists)
      for_each_slot(saved, each.slots, [&, list = &lists.emplace_back()](const Slot& slot) { list->push_back(slot); });
    for (std::size_t first = 0; first < lists.size(); first += first == 0 ? saved.interleaved : 1) {
      const std::size_t count = first == 0 ? saved.interleaved : 1;
      for (std::size_t i = 0; i < lists[first].size(); ++i)
        for (std::size_t list = first; list < first + count; ++list) all.push_back(lists[list][i]);
    }
    return all;
  }
  static void list_all(const core::detail::Vec<Slot>& slots, const ChildSink& sink) {
    std::size_t index = 0;
    for (const Slot& slot : slots) sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot});
  }

  const SavedPart variables_{"_variables", [this](void* optimizer, const ChildSink& sink) {
                               const SavedOptimizer saved = look_into(optimizer);
                               list_all(all_variables(saved, dialect_, bool{*saved.built}), sink);
                             }};
  const SavedPart keras_2_variables_{
      "_variables",
      [this](void* optimizer, const ChildSink& sink) {
        list_all(all_variables(look_into(optimizer), Dialect::keras_2, true), sink);
      },
      [this](void* optimizer, std::span<const std::string_view> names) {
        const SavedOptimizer saved = look_into(optimizer);
        const bool was_built = names.size() > 1;
        return core::detail::make_own<RestoredAs>(
            [saved, was_built](const ChildSink& sink) {
              list_all(all_variables(saved, Dialect::keras_2, was_built), sink);
            },
            [this, optimizer, built = saved.built, was_built] { set_restored(optimizer, *built, was_built); });
      }};
  const SavedPart inner_optimizer_{
      "inner_optimizer", [this](void* optimizer, const ChildSink& sink) { children(optimizer, sink); },
      [this](void* optimizer, std::span<const std::string_view> names) { return resize(optimizer, names); }};
  const SavedPart trainable_variables_{
      "_trainable_variables",
      [this](void* optimizer, const ChildSink& sink) {
        const SavedOptimizer saved = look_into(optimizer);
        if (*saved.built) list(saved, saved.variables, sink);
      },
      [this](void* optimizer, std::span<const std::string_view>) {
        return core::detail::make_own<RestoredAs>([this, optimizer](const ChildSink& sink) {
          const SavedOptimizer saved = look_into(optimizer);
          list(saved, saved.variables, sink);
        });
      }};
  [[nodiscard]] SavedPart::Children list_of_slots(std::size_t index) const {
    return [this, index](void* optimizer, const ChildSink& sink) {
      const SavedOptimizer saved = look_into(optimizer);
      if (index < saved.lists.size()) list(saved, saved.lists[index].slots, sink);
    };
  }
  const std::array<SavedPart, max_lists> slots_{
      SavedPart{"slots", list_of_slots(0)}, SavedPart{"slots", list_of_slots(1)}, SavedPart{"slots", list_of_slots(2)}};

  const Dialect dialect_;
  const HyperType hyper_type_{};
  const DecayType decay_type_{};
  const graph::detail::SlotAs hyper_slot_{hyper_type_};
  const graph::detail::SlotAs decay_slot_{decay_type_};
  mutable double no_decay_ = 0;  // what `decay` is in other dialects
};

}  // namespace cairn::keras::detail
