// The slot variables of a saved graph and those of the live optimizers: matched last, once it is known which node each
// variable and each optimizer is.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "left_out.hpp"
#include "match_item.hpp"
#include "moved_places.hpp"
#include "object.hpp"
#include "restore_plan.hpp"
#include "root.hpp"
#include "saved_children.hpp"
#include "slot_variable_set.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

inline bool RestorePlan::waits_for_slots() const {
  for (const std::int32_t optimizer : optimizers_)
    for (const SlotVariableReference slot : saved_[optimizer].slot_variables)
      if (!is_bound(slot.slot_variable_node_id)) return true;
  return false;
}

// Which live object each bound node is now. What was bound by an earlier match may have moved since, so it is found
// again by its names; what this one has bound, the items from `begin` on, need not be in its place yet.
inline core::detail::Vec<Object> RestorePlan::find_again(const Root& root, std::size_t begin) const {
  core::detail::Vec<Object> now(bound_.size());
  for (std::size_t item = begin; item < items_.size(); ++item)
    now[static_cast<std::size_t>(items_[item].node)] = items_[item].object;
  core::detail::Vec<std::int32_t> queue{0};
  now[0] = root.object;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const Object object = now[static_cast<std::size_t>(queue[next])];
    SavedChildren saved(saved_[queue[next]]);
    const auto visit = [&](const Child& child) {
      const std::int32_t found = child.kept == nullptr && !child.slot.type->is_loose() ? saved.find(child).node : -1;
      if (found < 0 || !is_bound(found) || now[static_cast<std::size_t>(found)]) return;
      const Object target = child.slot.get();
      if (!target) return;
      now[static_cast<std::size_t>(found)] = target;
      queue.push_back(found);
    };
    if (next == 0)
      root.list(visit);
    else
      object.type->children(object.address, visit);
  }
  return now;
}

// `now` is which live object each node is. Throws Error with ErrorCode::unimplemented for a variable that this restore
// will move.
inline void RestorePlan::match_slots(const core::detail::Vec<Object>& now) {
  const MovedPlaces moved(actions_);
  for (const std::int32_t optimizer : optimizers_) {
    const Object& owner = now[static_cast<std::size_t>(optimizer)];
    if (!owner) continue;
    struct Named {
      std::string name;
      SlotVariableSet* set;
    };
    core::detail::Vec<Named> sets, others;
    owner.type->slot_variables(owner.address, [&](std::string_view name, SlotVariableSet& set, const auto& names) {
      sets.push_back({std::string(name), &set});
      for (const std::string_view other : names) others.push_back({std::string(other), &set});
    });
    // The first of a name counts: one's own before another's.
    sets.insert(sets.end(), others.begin(), others.end());
    for (const SlotVariableReference slot : saved_[optimizer].slot_variables) {
      const std::int32_t node = slot.slot_variable_node_id;
      const Object& variable = now[static_cast<std::size_t>(slot.original_variable_node_id)];
      const Named* found = sets.begin();
      while (found != sets.end() && found->name != slot.slot_name) ++found;
      if (!variable || found == sets.end() || is_bound(node)) continue;
      if (binding(slot.original_variable_node_id).is_moving || binding(optimizer).is_moving)
        core::detail::fail(
            ErrorCode::unimplemented,
            {saved_.path(node), " cannot be restored from ", file(),
             " while a list grows that holds the variable or the optimizer and has elements already: they "
             "move. Give the list the length that it was saved with before restoring"},
            {.file = file()});
      Object target = found->set->find(variable);
      if (!target) {
        auto create = found->set->create(variable, moved(variable), target);
        if (create == nullptr) continue;
        actions_.add(std::move(create));
      }
      binding(node).is_bound = true;
      binding(node).object = target;
      if (!objects_.insert(target))
        claim(node);
      else if (!take(node, target, *target.type->leaf(), is_slot | static_cast<std::uint32_t>(node), actions_))
        objects_.erase(target);
    }
  }
}

// Live slot variables that got nothing are left out, if their variables are part of the state.
inline void RestorePlan::leave_out_slots(std::size_t begin) {
  if (options_.skip_slot_variables) return;
  core::detail::Vec<LeftOut::Slots> live = left_out_.take_slots();
  for (std::size_t number = begin; number < items_.size(); ++number) {
    const Object& object = items_[number].object;
    if (!object || object.type->leaf() != nullptr) continue;
    object.type->slot_variables(object.address, [&](std::string_view name, SlotVariableSet& set, auto&&) {
      live.push_back({path(static_cast<std::uint32_t>(number)), std::string(name), &set});
    });
  }
  if (live.empty()) return;
  core::detail::HashIndex places;  // of items
  const auto is_of = [&](const Object& object) {
    return [this, object](std::size_t item) { return items_[item].object == object; };
  };
  for (std::size_t item = 0; item < items_.size(); ++item)
    if (const Object& object = items_[item].object) places.insert(ObjectHash{}(object), item, is_of(object));
  for (const LeftOut::Slots& each : live)
    each.set->list([&](const Object& variable, const Object& slot) {
      const std::size_t place = places.find(ObjectHash{}(variable), is_of(variable));
      const bool is_item = place != core::detail::HashIndex::none;
      if (objects_.contains(slot) || (!is_item && !left_out_.has_met(variable))) return;
      const auto from_root = [](const std::string& below) { return below.empty() ? "(root)" : "(root)." + below; };
      left_out_.note(slot,
                     from_root(each.optimizer) + "'s state '" + each.name + "' for " +
                         (is_item ? from_root(path(static_cast<std::uint32_t>(place))) : "a variable"),
                     false);
    });
}

}  // namespace CAIRN_NAMESPACE::graph::detail
