// Places that are pointers, in a restore: those that are empty are filled, those that held nothing when they were saved
// become empty, and those that share an object lead to it.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "match_item.hpp"
#include "moved_places.hpp"
#include "object.hpp"
#include "object_set.hpp"
#include "restore_actions.hpp"
#include "restore_plan.hpp"
#include "root.hpp"
#include "saved_children.hpp"
#include "walk_pointers.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// The part of visit() for such a place. True when nothing is left to do; else there is an object, perhaps a new one.
inline bool RestorePlan::visit_pointer(Visit& at) {
  const SlotType& type = *at.child.slot.type;
  const MatchItem& above = items_[at.parent];
  const std::int32_t node = at.node;
  if (type.is_loose()) {
    if (node >= 0 && at.object)
      loose_.push_back(
          {.object = at.object, .name = name_of(at), .node = node, .parent = at.parent, .is_outside = true});
    return true;
  }
  if (type.is_raw() && at.object && !at.is_passing) raw_.push_back({at.child.slot, at.object});
  if (above.is_again && (node < 0 || !at.object || is_bound(node))) return true;
  if (node < 0) {
    if (!at.object) return true;
    if (above.keeps_structure || !says_empty(at)) return false;
    core::detail::Own<Change> clear = type.clear(at.child.slot.place);
    if (clear == nullptr) return false;
    if (type.is_raw() && !at.is_passing) raw_.pop_back();
    actions(at.is_passing).add(std::move(clear));
    return true;
  }
  const EmptyPlace place{at.child.slot, name_of(at), node, at.parent};
  if (is_bound(node)) {
    if (!at.object) fill_later(place, at.is_passing);
    return !at.object;
  }
  std::shared_ptr<void> owner = at.object ? type.owner(at.child.slot.place) : nullptr;
  if (!at.object) {
    if (above.keeps_structure) return true;
    require_shallow(at.parent);
    auto create = type.create(at.child.slot.place, at.object, owner);
    if (create == nullptr) {
      fill_later(place, at.is_passing);
      return true;
    }
    at.object = as_saved(at.object, node);
    at.is_made = true;
    actions(at.is_passing).add(std::move(create));
  }
  if (owner != nullptr) owners_[node] = std::move(owner);
  return false;
}

// True when the checkpoint says that this child, which it does not have, held nothing. A list that it has says so of
// elements that are left out before others.
inline bool RestorePlan::says_empty(Visit& at) const {
  const Object& object = items_[at.parent].object;
  return at.saved.says_empty(at.child) ||
         (object && object.type->is_list() && at.saved.has_elements_behind(at.child.name));
}

// At the end it is known where the object is. In the middle of a class that loads itself the place is soon gone: now.
inline void RestorePlan::fill_later(const EmptyPlace& place, bool is_passing) {
  if (!is_passing) return empty_places_.push_back(place);
  if (is_bound(place.node)) {
    const std::shared_ptr<void>* const owner = owners_.find(place.node);
    if (auto share =
            place.slot.type->share(place.slot.place, binding(place.node).object, owner == nullptr ? nullptr : *owner))
      return now_->add(std::move(share));
  }
  left_empty_.push_back(place);
}

// Pointers that were empty lead to the objects that they led to when they were saved, where those are restored by other
// edges. And those that lead to what will be moved lead there. Items before `begin` are of earlier matches: what they
// are now is looked for. 0 is the first match, which has all in objects_.
inline void RestorePlan::fill_places(const Root& root, std::size_t begin) {
  const auto empty = std::exchange(empty_places_, {});
  const auto raw = std::exchange(raw_, {});
  if (empty.empty() && raw.empty()) return;
  const MovedPlaces moved(actions_);
  core::detail::Vec<Object> now;
  for (const EmptyPlace& each : empty) {
    Object object = is_bound(each.node) ? binding(each.node).object : Object{};
    if (object && !objects_.contains(object)) {
      if (begin != 0 && now.empty()) now = find_again_(*this, root, begin);
      object = begin != 0 ? now[static_cast<std::size_t>(each.node)] : Object{};
      for (std::size_t item = begin; item < items_.size(); ++item)
        if (items_[item].node == each.node) object = {};
    }
    const std::shared_ptr<void>* const owner = owners_.find(each.node);
    core::detail::Own<Change> fill;
    if (object) fill = each.slot.type->share(each.slot.place, object, owner == nullptr ? nullptr : *owner);
    if (object && fill == nullptr) fill = each.slot.type->point_to(each.slot.place, moved(object));
    if (fill != nullptr)
      actions_.add(std::move(fill));
    else
      left_empty_.push_back(each);
  }
  for (const auto& [slot, object] : raw) {
    pointed_to_.insert(object);
    if (const Object there = moved(object); there != object)
      if (auto point = slot.type->point_to(slot.place, there)) actions_.add(std::move(point));
  }
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

// Places of earlier matches that this one has an object for: where they are now.
inline void RestorePlan::look_for_left_empty(const Root& root, std::size_t begin) {
  bool is_any_found = false;
  for (const EmptyPlace& each : left_empty_) is_any_found |= is_bound(each.node);
  if (!is_any_found) return;
  const core::detail::Vec<Object> now = find_again(root, begin);
  for (EmptyPlace each : std::exchange(left_empty_, {})) {
    bool is_there = false;
    const auto look = [&](const Child& child) {
      bool has_name = child.name == each.name;
      for (const std::string_view other : child.other_names) has_name |= other == each.name;
      if (!has_name || child.kept != nullptr || child.slot.get()) return;
      each.slot = child.slot;
      is_there = true;
    };
    const Object& parent = now[static_cast<std::size_t>(items_[each.parent].node)];
    if (is_bound(each.node) && each.parent == 0)
      root.list(look);
    else if (is_bound(each.node) && parent)
      parent.type->children(parent.address, look);
    (is_there ? empty_places_ : left_empty_).push_back(each);
  }
}

// Loose edges come last, and lead only to objects that were met by others: for what those found no saved one.
inline void RestorePlan::follow_loose() {
  const std::size_t begin = items_.size();
  for (const MatchItem& item : std::exchange(loose_, {})) {
    const bool is_bound_object = objects_.contains(item.object);
    if (is_bound(item.node) || !(is_bound_object || left_out_.has_met(item.object))) continue;
    binding(item.node).is_bound = true;
    binding(item.node).object = item.object;
    if (is_bound_object) claim(item.node);
    if (objects_.insert(item.object)) items_.push_back(item);
  }
  run(begin);
}

inline const PointerFeature RestorePlan::pointer_feature{
    [](Walk& walk, const Child& child, const Object& target) { return walk.follow(child, target); },
    [](Walk&& first, const Root& root) { return end_walk(std::move(first), root); },
    [](RestorePlan& plan, Visit& at) { return plan.visit_pointer(at); },
    [](RestorePlan& plan) { plan.follow_loose(); },
    [](RestorePlan& plan, const Root& root, std::size_t begin) { plan.fill_places(root, begin); },
};

}  // namespace CAIRN_NAMESPACE::graph::detail
