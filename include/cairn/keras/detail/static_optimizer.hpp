// What the compiler knows of an optimizer's checkpoint: its numbers, and in the checkpoint of one that is built the
// slots, one for each trainable Variable of the model (optimizer_type.hpp).
#pragma once

#include "../../reflect/detail/static_form.hpp"
#include "learning_rate.hpp"
#include "optimizer.hpp"
#include "saved_optimizer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace CAIRN_NAMESPACE::keras::detail {

// A list of slots. Variables that say at run time that they are not trained have none: a list that is shorter than the
// model's is not looked into.
template <class TheSlots>
struct SlotsPart;

template <class Optimizer, class Model, Dialect dialect>
struct StaticOptimizer {
  static constexpr bool has_schedule = is_schedule<decltype(Optimizer::learning_rate)>;

  template <class Saved, class Visit>
  static constexpr void list(const Saved& saved, Visit& visit) {
    constexpr std::array<std::string_view, 1> iterations{"iterations"}, learning_rate{"learning_rate"};
    const bool is_legacy = saved.has("iter");
    if (dialect == Dialect::keras_2_legacy || is_legacy) {  // nothing at all before it is built
      visit.template child<std::int64_t>({.shown = "iterations", .name = "iter", .may_be_absent = !is_legacy});
      if constexpr (!has_schedule)
        visit.template child<float>({.shown = "learning_rate", .name = "learning_rate", .may_be_absent = !is_legacy});
      return;
    }
    visit.template child<std::int64_t>({.shown = "iterations", .name = "_iterations", .other_names = iterations});
    if constexpr (!has_schedule)
      visit.template child<float>({.shown = "learning_rate", .name = "_learning_rate", .other_names = learning_rate});
    else if (const std::string_view name = "_current_learning_rate"; dialect == Dialect::keras_2 || saved.has(name))
      visit.template child<float>(
          {.shown = name, .name = name, .may_be_absent = saved.has("_iterations") && !saved.has(name)});
    for (const SlotNames& names : SlotLists<Optimizer>::names)
      visit.template child<SlotsPart<Slots<Model>>>({.shown = names.earlier_name.front(),
                                                     .name = names.name,
                                                     .other_names = names.earlier_name,
                                                     .may_be_absent = true});
  }
};

}  // namespace CAIRN_NAMESPACE::keras::detail

template <template <class, class, cairn::keras::Dialect> class Optimizer, class Model, class LearningRate,
          cairn::keras::Dialect dialect>
  requires cairn::keras::detail::HasSlotLists<Optimizer<Model, LearningRate, dialect>>
struct cairn::reflect::detail::StaticForm<Optimizer<Model, LearningRate, dialect>>
    : cairn::keras::detail::StaticOptimizer<Optimizer<Model, LearningRate, dialect>, Model, dialect> {};

template <class Model>
struct cairn::reflect::detail::StaticForm<cairn::keras::detail::SlotsPart<cairn::keras::detail::Slots<Model>>> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved& saved, Visit& visit) {
    using Types = typename cairn::keras::detail::Slots<Model>::Types;
    if (saved.size() == 0 || saved.size() == Types::size) list_all(visit, Types{});
  }

 private:
  template <class Visit, class... Variables>
  static constexpr void list_all(Visit& visit, core::detail::TypeList<Variables...>) {
    std::size_t i = 0;
    const int each[] = {(list_one<Variables>(visit, i++), 0)..., 0};  // a fold ends at 256 in clang
    static_cast<void>(each);
  }
  template <class Variable, class Visit>
  static constexpr void list_one(Visit& visit, std::size_t index) {
    const StaticIndex name(index);
    visit.template child<Variable>({.shown = name.view(), .name = name.view()});
  }
};
