// The variables of an optimizer in Keras' order: that of the model's trainable variables, in which a layer's own come before
// those of the layers in it, wherever they are declared.
#pragma once

#include "../../../core/detail/vec.hpp"
#include "../../../graph/detail/object.hpp"
#include "../../../graph/detail/tracked_slot.hpp"
#include "../../../keras/built.hpp"
#include "../../../keras/detail/optimizer.hpp"
#include "../../../keras/detail/saved_optimizer.hpp"
#include "../../../keras/dialect.hpp"
#include "legacy_slots.hpp"
#include "saveables.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// An optimizer without its type.
struct AnyOptimizer {
  graph::detail::Slot slot;
  keras::Built& built;
  core::detail::Vec<void*> variables;  // the addresses of the model's Variables, in the order of the slots
  std::size_t interleaved;             // of the lists of slots: Adam has momentum, velocity, momentum, velocity, ...
  keras::Dialect dialect;
  std::vector<std::vector<std::string>> kinds;  // what the slots of each list in use may be called in legacy files
  std::vector<graph::detail::Object>
      legacy;  // of a legacy optimizer of Keras 2: iterations, and the slots list by list
};

template <class Optimizer>
inline constexpr keras::Dialect dialect_of = keras::Dialect::keras_3;
template <template <class, class, keras::Dialect> class Optimizer, class Model, class LearningRate,
          keras::Dialect dialect>
inline constexpr keras::Dialect dialect_of<Optimizer<Model, LearningRate, dialect>> = dialect;

template <class Model, class Optimizer>
[[nodiscard]] AnyOptimizer any_optimizer(Model& model, Optimizer& optimizer) {
  const auto list = keras::detail::variables_of(model);
  core::detail::Vec<void*> variables;
  for (void* const variable : list.untyped().variables) variables.push_back(variable);
  std::vector<std::vector<std::string>> kinds;
  std::vector<graph::detail::Object> legacy;
  constexpr bool is_legacy = dialect_of<Optimizer> == keras::Dialect::keras_2_legacy;
  if (is_legacy) legacy.push_back(graph::detail::slot_of(optimizer.iterations).get());
  keras::detail::SlotLists<Optimizer>::visit(optimizer,
                                             [&](const keras::detail::SlotNames& names, auto& slots, bool is_in_use) {
                                               if (!is_in_use) return;
                                               kinds.push_back(legacy_slot_kinds(names.name, names.legacy_name));
                                               if constexpr (is_legacy)
                                                 for (const graph::detail::Slot& slot : keras::detail::slots_in(slots))
                                                   legacy.push_back(slot.get());
                                             });
  return {graph::detail::tracked_slot(optimizer),
          optimizer.built,
          std::move(variables),
          keras::detail::SlotLists<Optimizer>::interleaved,
          dialect_of<Optimizer>,
          std::move(kinds),
          std::move(legacy)};
}

// What an optimizer has in `_variables`: iterations, learning rate and slots. `slots_of` are the addresses of the trained
// variables in Keras' order, and none where it is not built.
struct OptimizerVariables {
  std::vector<SavedVariable> all;
  std::vector<const void*> slots_of = {};
  std::size_t lists = 0;
  std::size_t first_slot = 0;  // behind the learning rate, where there is one
  std::size_t interleaved = 1;

  // Where the slot of a variable is in the list.
  [[nodiscard]] std::size_t place_of(std::size_t list, std::size_t variable) const noexcept {
    return first_slot + (list < interleaved ? variable * interleaved + list : list * slots_of.size() + variable);
  }
};

// Those of a legacy optimizer of Keras 2, in the order of the others.
[[nodiscard]] inline std::vector<SavedVariable> legacy_variables(const AnyOptimizer& optimizer) {
  std::vector<SavedVariable> all{{optimizer.legacy.front()}};
  const std::size_t lists = optimizer.kinds.size(), count = optimizer.variables.size();
  for (std::size_t first = 0, end = 0; optimizer.built && first < lists; first = end) {
    end = first == 0 ? optimizer.interleaved : first + 1;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t list = first; list < end && optimizer.built.has_slot(i); ++list)
        all.push_back({optimizer.legacy.at(1 + list * count + i)});
  }
  for (std::size_t i = 0; i < all.size(); ++i) all[i].name = "optimizer.vars." + std::to_string(i);
  return all;
}

[[nodiscard]] inline OptimizerVariables optimizer_variables(const AnyOptimizer& optimizer, const Saveables& model) {
  OptimizerVariables result{.all = Saveables(optimizer.slot.get(), "optimizer").all().front().variables};
  if (!optimizer.legacy.empty()) result.all = legacy_variables(optimizer);
  std::vector<const void*> trained;
  for (std::size_t i = 0; i < optimizer.variables.size(); ++i)
    if (optimizer.built.has_slot(i)) trained.push_back(optimizer.variables[i]);
  std::vector<std::size_t> order;  // for each variable in Keras' order, the place of its slot
  const auto add = [&](std::size_t place) {
    if (std::find(order.begin(), order.end(), place) == order.end()) order.push_back(place);
  };
  for (const SavedVariable& weight : model.weights(0))
    for (std::size_t i = 0; i < trained.size(); ++i)
      if (trained[i] == weight.object.address) add(i);
  for (std::size_t i = 0; i < trained.size(); ++i) add(i);
  const std::size_t count = order.size();
  const std::vector<SavedVariable> in_walk = result.all;
  if (count == 0 || in_walk.size() <= count) return result;  // not built

  for (const std::size_t place : order) result.slots_of.push_back(trained[place]);
  result.lists = optimizer.kinds.size();
  if (in_walk.size() < 1 + result.lists * count) return result.slots_of.clear(), result;
  result.first_slot = in_walk.size() - result.lists * count;
  result.interleaved = std::min(optimizer.interleaved, result.lists);
  for (std::size_t list = 0; list < result.lists; ++list)
    for (std::size_t i = 0; i < count; ++i)
      result.all[result.place_of(list, i)].object = in_walk[result.place_of(list, order[i])].object;
  return result;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
