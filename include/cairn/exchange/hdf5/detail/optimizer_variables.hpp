// The variables of an optimizer in Keras' order: that of the model's trainable variables, in which a layer's own come before
// those of the layers in it, wherever they are declared.
#pragma once

#include "../../../core/detail/vec.hpp"
#include "../../../graph/detail/object.hpp"
#include "../../../keras/built.hpp"
#include "../../../keras/detail/optimizer.hpp"
#include "saveables.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// The addresses of a model's Variables in the order of an optimizer's slots.
template <class Model>
[[nodiscard]] core::detail::Vec<void*> slots_order(Model& model) {
  const auto list = keras::detail::variables_of(model);
  core::detail::Vec<void*> addresses;
  for (void* const variable : list.untyped().variables) addresses.push_back(variable);
  return addresses;
}

// Returns what the optimizer has in `_variables`: iterations, learning rate and slots. `variables` are slots_order() of
// the model.
[[nodiscard]] inline std::vector<SavedVariable> optimizer_variables(const graph::detail::Object& optimizer,
                                                                    const keras::Built& built, const Saveables& model,
                                                                    const core::detail::Vec<void*>& variables) {
  std::vector<SavedVariable> all = Saveables(optimizer, "optimizer").all().front().variables;
  std::vector<const void*> trained;
  for (std::size_t i = 0; i < variables.size(); ++i)
    if (built.has_slot(i)) trained.push_back(variables[i]);
  std::vector<std::size_t> order;  // for each variable in Keras' order, the place of its slot
  const auto add = [&](std::size_t place) {
    if (std::find(order.begin(), order.end(), place) == order.end()) order.push_back(place);
  };
  for (const SavedVariable& weight : model.weights(0))
    for (std::size_t i = 0; i < trained.size(); ++i)
      if (trained[i] == weight.object.address) add(i);
  for (std::size_t i = 0; i < trained.size(); ++i) add(i);

  std::vector<std::vector<graph::detail::Object>> lists;  // of slots: momentums, velocities, ...
  optimizer.type->children(optimizer.address, [&](const graph::detail::Child& child) {
    if (child.name == "_variables" || child.name == "_trainable_variables") return;
    std::vector<graph::detail::Object> slots;
    const graph::detail::Object list = child.slot.get();
    list.type->children(list.address, [&](const graph::detail::Child& slot) { slots.push_back(slot.slot.get()); });
    if (slots.size() == order.size()) lists.push_back(std::move(slots));
  });
  for (SavedVariable& variable : all)
    for (const std::vector<graph::detail::Object>& list : lists)
      if (const auto found = std::find(list.begin(), list.end(), variable.object); found != list.end()) {
        variable.object = list[order[static_cast<std::size_t>(found - list.begin())]];
        break;
      }
  return all;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
