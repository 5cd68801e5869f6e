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
#include "saveables.hpp"

#include <algorithm>
#include <cstddef>
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
  return {graph::detail::tracked_slot(optimizer), optimizer.built, std::move(variables),
          keras::detail::SlotLists<Optimizer>::interleaved, dialect_of<Optimizer>};
}

// Returns what the optimizer has in `_variables`: iterations, learning rate and slots.
[[nodiscard]] inline std::vector<SavedVariable> optimizer_variables(const AnyOptimizer& optimizer,
                                                                    const Saveables& model) {
  std::vector<SavedVariable> all = Saveables(optimizer.slot.get(), "optimizer").all().front().variables;
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
  if (count < 2 || all.size() <= count) return all;  // one order, or not built

  const std::size_t first = (all.size() - 1) % count == 0 ? 1 : 2;  // behind the learning rate, where there is one
  const std::size_t lists = (all.size() - first) / count;
  const auto place_of = [&](std::size_t list, std::size_t i) {
    return first + (list < optimizer.interleaved ? i * optimizer.interleaved + list : list * count + i);
  };
  std::vector<SavedVariable> result = all;
  for (std::size_t list = 0; list < lists; ++list)
    for (std::size_t i = 0; i < count; ++i) result[place_of(list, i)].object = all[place_of(list, order[i])].object;
  return result;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
