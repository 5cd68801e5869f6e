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
#include "../../graph/detail/slot_feature.hpp"
#include "../built.hpp"
#include "../dialect.hpp"
#include "saved_legacy.hpp"
#include "saved_part.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

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

class OptimizerType : public TypeOfForms {
  using ChildSink = graph::detail::ChildSink;
  using Slot = graph::detail::Slot;
  using Resize = graph::detail::Resize;

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

  [[nodiscard]] const graph::detail::SlotFeature* slot_feature() const noexcept override {
    return &graph::detail::slot_feature;
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
    bool has_slots = false;
    for (const SavedSlots& list : saved.lists)
      has_slots = has_slots || has(list.names.name) || has(list.names.earlier_name.front());
    const Form current_rate = saved.has_schedule() && has("_current_learning_rate") ? with_current_rate : 0;
    if (names.empty()) return restored(optimizer, as_new);
    // A LossScaleOptimizer's own numbers are not those of the optimizer in it.
    if (has("inner_optimizer")) return core::detail::make_own<RestoredAs>(*this, with_inner_optimizer, optimizer);
    if (has("iter")) return restored(optimizer, from_legacy);
    if (has("_variables") && !has("_trainable_variables") && !has_slots)
      return restored(optimizer, from_keras_2 | current_rate);
    return restored(optimizer, from_keras_3 | current_rate | (has_slots ? was_built : 0));
  }

  void list(Form form, void* optimizer, const ChildSink& sink) const override {
    const SavedOptimizer saved = look_into(optimizer);
    switch (form & ~flags) {
      case all_variables:
        return list_all(variables_of(saved, dialect_, bool{*saved.built}), sink);
      case model_variables:
        if (*saved.built) list_trained(saved, saved.variables, sink);
        return;
      case restored_model_variables:
        return list_trained(saved, saved.variables, sink);
      case all_variables_of_keras_2:
        return list_all(variables_of(saved, Dialect::keras_2, (form & was_built) != 0), sink);
      case inner_optimizer:
        return children(optimizer, sink);
      case with_inner_optimizer:
        return sink({.name = "inner_optimizer", .slot = inner_optimizer_.of(optimizer)});
      case from_keras_3:
        list_numbers(saved, form, sink);
        if ((form & was_built) != 0) list_slots(optimizer, saved, sink);
        return sink({.name = "_trainable_variables", .slot = trainable_variables_.of(optimizer)});
      case from_keras_2:  // whether it was built is known when its list is looked at
        list_numbers(saved, form, sink);
        return sink({.name = "_variables", .slot = keras_2_variables_.of(optimizer)});
      case from_legacy:
        return list_legacy(saved, sink);
      case as_new:  // a legacy optimizer before its first step has nothing that could be saved
        return;
      default:
        if (const Form list = form - first_slots; list < saved.lists.size())
          list_trained(saved, saved.lists[list].slots, sink);
    }
  }
  [[nodiscard]] core::detail::Own<Resize> resize_part(Form form, void* optimizer,
                                                      std::span<const std::string_view> names) const override {
    if (form == inner_optimizer) return resize(optimizer, names);
    if (form == model_variables) return core::detail::make_own<RestoredAs>(*this, restored_model_variables, optimizer);
    if ((form & ~flags) == all_variables_of_keras_2)
      return core::detail::make_own<RestoredAs>(*this, all_variables_of_keras_2 | (names.size() > 1 ? was_built : 0),
                                                optimizer);
    return nullptr;
  }
  void commit(Form form, void* optimizer) const noexcept override {
    switch (form & ~flags) {
      case as_new:
        iterations_of(optimizer) = 0;
        [[fallthrough]];
      case from_keras_3:
      case all_variables_of_keras_2:
        if ((form & was_built) == 0 && built_of(optimizer)) clear_slots(optimizer);
        built_of(optimizer).set_restored((form & was_built) != 0);
        break;
      case from_legacy:
        built_of(optimizer).set_restored(true);
        break;
      default:
        break;
    }
    end(form, optimizer);
  }
  // Slot variables come later in the same restore, which may fail: then, too, the optimizer is as before.
  void end(Form form, void* optimizer) const noexcept override {
    if ((form & ~flags) >= from_keras_3) built_of(optimizer).set_restoring(Built::Restoring::nothing);
  }

 protected:
  [[nodiscard]] virtual SavedOptimizer look_into(void* optimizer) const = 0;
  [[nodiscard]] virtual Built& built_of(void* optimizer) const noexcept = 0;
  [[nodiscard]] virtual std::int64_t& iterations_of(void* optimizer) const noexcept = 0;
  virtual void clear_slots(void* optimizer) const noexcept = 0;

 private:
  static constexpr std::size_t max_lists = 3;
  // Lists of parts, then of the optimizer itself as checkpoints have it.
  enum : Form {
    first_slots,
    all_variables = max_lists,
    all_variables_of_keras_2,
    model_variables,
    restored_model_variables,
    inner_optimizer,
    with_inner_optimizer,
    from_keras_3,
    from_keras_2,
    from_legacy,
    as_new
  };
  static constexpr Form was_built = 32, with_current_rate = 64, flags = was_built | with_current_rate;

  [[nodiscard]] core::detail::Own<Resize> restored(void* optimizer, Form form) const {
    core::detail::Own<Resize> restored = core::detail::make_own<RestoredAs>(*this, form, optimizer);
    built_of(optimizer).set_restoring(form == from_legacy ? Built::Restoring::with_slot_variables
                                                          : Built::Restoring::without_slot_variables);
    return restored;
  }

  void list_numbers(const SavedOptimizer& saved, Form form, const ChildSink& sink) const {
    static constexpr std::array<std::string_view, 1> iterations{"iterations"}, learning_rate{"learning_rate"};
    sink({.name = "_iterations", .other_names = iterations, .slot = saved.iterations});
    if (!saved.has_schedule())
      sink({.name = "_learning_rate", .other_names = learning_rate, .slot = saved.learning_rate});
    if ((form & with_current_rate) != 0) list_current_learning_rate(saved, sink);
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

  // `slots` under the names "0", "1", ...
  static void list_all(const core::detail::Vec<Slot>& slots, const ChildSink& sink) {
    std::size_t index = 0;
    for (const Slot& slot : slots) sink({.name = reflect::detail::IndexName(index++).view(), .slot = slot});
  }
  // Those of Variables that are trained.
  static void list_trained(const SavedOptimizer& saved, const core::detail::Vec<Slot>& slots, const ChildSink& sink) {
    std::size_t index = 0;
    for (std::size_t i = 0; i < slots.size(); ++i)
      if (saved.built->has_slot(i)) sink({.name = reflect::detail::IndexName(index++).view(), .slot = slots[i]});
  }
  // What `_variables` has.
  [[nodiscard]] static core::detail::Vec<Slot> variables_of(const SavedOptimizer& saved, Dialect dialect,
                                                            bool is_built) {
    core::detail::Vec<Slot> all{saved.iterations};
    if (dialect == Dialect::keras_3 && !saved.has_schedule()) all.push_back(saved.learning_rate);
    if (!is_built) return all;
    for (std::size_t first = 0, end = 0; first < saved.lists.size(); first = end) {
      end = first == 0 ? saved.interleaved : first + 1;
      for (std::size_t i = 0; i < saved.lists[first].slots.size(); ++i)
        for (std::size_t list = first; list < end && saved.built->has_slot(i); ++list)
          all.push_back(saved.lists[list].slots[i]);
    }
    return all;
  }

  const SavedPart variables_{"_variables", *this, all_variables};
  const SavedPart keras_2_variables_{"_variables", *this, all_variables_of_keras_2 | was_built};
  const SavedPart inner_optimizer_{"inner_optimizer", *this, inner_optimizer};
  const SavedPart trainable_variables_{"_trainable_variables", *this, model_variables};
  const SavedPart slots_[max_lists]{
      {"slots", *this, first_slots}, {"slots", *this, first_slots + 1}, {"slots", *this, first_slots + 2}};

  const Dialect dialect_;
  const HyperType hyper_type_{};
  const DecayType decay_type_{};
  const SlotAs hyper_slot_{hyper_type_};
  const SlotAs decay_slot_{decay_type_};
  mutable double no_decay_ = 0;  // what `decay` is in other dialects
};

}  // namespace CAIRN_NAMESPACE::keras::detail
