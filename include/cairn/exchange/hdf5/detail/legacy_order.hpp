// The slots of an optimizer in a legacy file in the order of the program's, by the names that both have.
#pragma once

#include "legacy_slots.hpp"
#include "optimizer_variables.hpp"
#include "saved_groups.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// A weight of the model: its name in the file, joined, and the address of the program's variable that it is restored into.
using NamedWeight = std::pair<std::string, const void*>;

// The variable of the weight whose name is at the end of `variable`, the longest such; null where there is none.
[[nodiscard]] inline const void* weight_called(std::string_view variable, const std::vector<NamedWeight>& weights) {
  std::size_t longest = 0;
  const void* found = nullptr;
  for (const auto& [name, address] : weights) {
    if (name.size() <= longest || !variable.ends_with(name)) continue;
    if (variable.size() > name.size() && variable[variable.size() - name.size() - 1] != '_') continue;
    longest = name.size();
    found = address;
  }
  return found;
}

// Puts the values of the group "optimizer" into the order of the program's variables. True where that is done, or where
// another number of slots is saved, so that the group is not taken. False where a name does not say which slot it is.
[[nodiscard]] inline bool put_slots_in_order(SavedGroup& group, const AnyOptimizer& optimizer,
                                             const OptimizerVariables& variables,
                                             const std::vector<NamedWeight>& weights) {
  const std::size_t count = variables.slots_of.size(), slots = variables.lists * count;
  if (slots == 0 || group.values.size() <= slots || group.values.size() > slots + 2) return true;
  const std::size_t first = group.values.size() - slots;
  const std::optional<LegacySlotForm> form = legacy_slot_form(group.names.front());
  if (!form || (first == 2 && !joined_name(group.names[1]).ends_with("learning_rate"))) return false;
  std::vector<std::string> kinds;
  for (const std::vector<std::string>& list : optimizer.kinds) kinds.insert(kinds.end(), list.begin(), list.end());

  struct Found {
    std::string variable;
    const void* weight;
    std::size_t place;
  };
  std::vector<std::vector<Found>> lists(variables.lists);  // in the order of the file
  for (std::size_t i = first; i < group.values.size(); ++i) {
    const std::optional<LegacySlotName> name = legacy_slot_name(*form, group.names[i], kinds);
    if (!name) return false;
    std::size_t list = 0;
    while (std::find(optimizer.kinds[list].begin(), optimizer.kinds[list].end(), name->kind) ==
           optimizer.kinds[list].end())
      ++list;
    lists[list].push_back({name->variable, weight_called(name->variable, weights), i});
  }
  // All lists are of the same variables, in the same order; otherwise nothing would tell the order of those whose names no
  // weight has.
  for (const std::vector<Found>& list : lists)
    if (!std::equal(list.begin(), list.end(), lists.front().begin(), lists.front().end(),
                    [](const Found& a, const Found& b) { return a.variable == b.variable; }))
      return false;
  if (lists.front().size() != count) return false;

  std::vector<std::size_t> order;  // for each of the program's variables, its place in a list
  for (const void* const variable : variables.slots_of)
    for (std::size_t i = 0; i < count; ++i)
      if (lists.front()[i].weight == variable && variable != nullptr) order.push_back(i);
  std::vector<std::size_t> places = order;
  std::sort(places.begin(), places.end());
  if (places.size() != count || std::adjacent_find(places.begin(), places.end()) != places.end()) {
    order.clear();  // not all have a weight of their own: the order of the file is that of the model
    for (std::size_t i = 0; i < count; ++i) order.push_back(i);
  }
  std::vector<const Hdf5Dataset*> values(group.values.begin(),
                                         group.values.begin() + static_cast<std::ptrdiff_t>(first));
  values.resize(group.values.size());
  std::vector<std::string> names(group.values.size());
  for (std::size_t list = 0; list < lists.size(); ++list)
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t to = variables.place_of(list, i) - variables.first_slot + first;
      const std::size_t from = lists[list][order[i]].place;
      values[to] = group.values[from];
      names[to] = group.names[from];
    }
  for (std::size_t i = 0; i < first; ++i) names[i] = group.names[i];
  group.values = std::move(values);
  group.names = std::move(names);
  return true;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
