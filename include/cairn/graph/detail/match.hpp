// match: a saved graph and a live state become a RestorePlan (restore_plan.hpp). Matching changes nothing of the user's.
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "../mismatch.hpp"
#include "match_item.hpp"
#include "match_objects.hpp"
#include "match_pointers.hpp"
#include "match_values.hpp"
#include "object.hpp"
#include "object_set.hpp"
#include "restore_plan.hpp"
#include "root.hpp"
#include "saved_children.hpp"
#include "tensor_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

inline RestorePlan::RestorePlan(const ObjectGraph& saved, const TensorSource& source, MatchOptions options)
    : saved_(saved), source_(source), options_(std::move(options)), bound_(saved.size()) {}

inline void RestorePlan::match(const Root& root) {
  bound_[0].is_bound = true;
  const Object object = as_saved(root.object, 0);
  bound_[0].object = object;
  objects_.insert(object);
  items_.push_back({.object = object, .is_done = true});
  core::detail::Vec<std::string_view> added{core::detail::save_counter_name};
  for (const RootChild& child : root.children) added.push_back(child.name);
  if (object) process(0, [&](const ChildSink& sink) { object.type->children(object.address, sink); }, added);
  SavedChildren of_root(saved_[0]);
  root.list_added([&](const Child& child) { visit(child, of_root, 0, false); });
  run(1);
  if (pointers_ != nullptr) pointers_->follow_loose(*this);
  finish_match(root, 0);
}

inline bool RestorePlan::match_child(const Root& root, std::string_view name, Slot slot) {
  objects_.clear();  // after a throw they are still there
  left_out_.forget_places();
  const std::size_t begin = items_.size();
  SavedChildren saved(saved_[0], name);
  const std::int32_t child = saved.find({.name = name, .slot = slot}).node;
  const bool found = child >= 0 && !is_bound(child);
  if (child < 0 || found)
    visit({.name = name, .slot = slot}, saved, 0, false);
  else
    note_unmatched(slot.get(), 0, name, false);
  run(begin);
  if (pointers_ != nullptr) pointers_->follow_loose(*this);
  find_again_ = [](const RestorePlan& plan, const Root& of, std::size_t from) { return plan.find_again(of, from); };
  look_for_left_empty(root, begin);
  finish_match(root, begin);
  return found;
}

// What comes last, when the items from `begin` on are bound and all that they hold; 0 for the first match.
inline void RestorePlan::finish_match(const Root& root, std::size_t begin) {
  if (pointers_ != nullptr) pointers_->fill_places(*this, root, begin);
  for (std::size_t item = begin; item < items_.size(); ++item) {
    const Object& object = items_[item].object;
    if (const SlotFeature* const feature = object ? object.type->slot_feature() : nullptr)
      (void)left_out_.slots(*feature);
  }
  if (MatchedSlots* const slots = left_out_.slots()) slots->finish(*this, root, begin);
  // An object that a raw pointer of the state leads to must not end.
  actions_.spare([&](const Object& object) {
    return contains_or_holds(objects_, object) || (!pointed_to_.empty() && contains_or_holds(pointed_to_, object));
  });
  pointed_to_ = {};
  left_out_.forget(objects_);
  // The objects that were met may be gone by the next time, and new objects may be at their addresses.
  objects_ = {};
  left_out_.forget_places();
  refuse_mismatches(file(), refused_, left_out_.size() != 0);
}

inline MatchStatus RestorePlan::status() const {
  MatchStatus status;
  status.mismatched = mismatched_;
  status.matched.reserve(matched_.size());
  PathsInProgram path_of(items_);
  for (const std::uint32_t value : matched_)
    if ((value & is_slot) != 0)
      status.matched.add(path_of_value(value));
    else
      status.matched.add(path_of(items_[value].parent, items_[value].name));
  // Live values that got nothing. Their objects are not looked at again: a restore may have moved or replaced them.
  status.only_in_program = left_out_.paths(PathsInProgram(items_));
  // And what pointers led to that could not be given it, where it is not among the values that went nowhere.
  status.only_in_checkpoint = unclaimed();
  for (const EmptyPlace& each : left_empty_)
    if (is_bound(each.node) || !saved_[each.node].has_checkpoint_values.value_or(true))
      status.only_in_checkpoint.push_back(this->path_of(each.parent, each.name));
  for (std::size_t id = 1; id < bound_.size() && !status.is_nontrivial; ++id)
    status.is_nontrivial = bound_[id].is_bound;
  return status;
}

inline RestorePlan::Progress RestorePlan::progress() const {
  Progress progress{
      {},          items_.size(), left_out_.size(), matched_.size(), mismatched_.size(), left_attributes_.size(),
      left_empty_, bytes_};
  for (const NodeBinding& each : bound_) progress.is_bound.push_back(each.is_bound);
  return progress;
}
inline void RestorePlan::roll_back(const Progress& progress) {
  for (std::size_t id = 0; id < bound_.size(); ++id) {
    if (progress.is_bound[id]) continue;
    bound_[id] = {};
    if (std::shared_ptr<void>* const owner = owners_.find(static_cast<std::int32_t>(id))) owner->reset();
  }
  items_.shrink_to(progress.items);
  left_out_.shrink_to(progress.left_out);
  matched_.resize(progress.matched);
  while (mismatched_.size() > progress.mismatched) mismatched_.pop_back();
  refused_.clear();
  left_attributes_.erase(left_attributes_.begin() + progress.left_attributes, left_attributes_.end());
  left_empty_ = progress.left_empty;
  bytes_ = progress.bytes;
  loose_.clear();
  empty_places_.clear();
  raw_.clear();
  pointed_to_ = {};
  actions_ = {};
  now_ = nullptr;
  loading_ = 0;
}

inline bool RestorePlan::is_pending() const {
  for (const ObjectReference child : saved_[0].children)
    if (waits_for(child)) return true;
  return false;
}
CAIRN_COLD inline bool RestorePlan::is_superseded_by(const RestorePlan& newer) const {
  SavedChildren of_newer(newer.saved_[0]);
  for (const ObjectReference child : saved_[0].children)
    if (waits_for(child) && of_newer.find({.name = child.local_name, .slot = {}}).node < 0) return false;
  return true;
}

// The graph's ids are right (ObjectGraph::require_ids); the graph and the source outlive the plan. Throws what
// RestorePlan::match() does.
[[nodiscard]] inline RestorePlan match(const ObjectGraph& saved, const TensorSource& source, const Root& root,
                                       MatchOptions options = {}) {
  RestorePlan plan(saved, source, std::move(options));
  plan.match(root);
  return plan;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
