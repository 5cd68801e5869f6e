// Which saved node is which live object: both graphs are walked side by side from their roots, by the names of edges.
//
// Keys and full names play no part (TensorFlow's python/checkpoint/restore.py): a node's key may change from one save
// to the next. The first object that a node meets is the one it is bound to. Matching collects a RestorePlan and the
// lists of what fits and what does not; it changes nothing of the user's.
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../mismatch.hpp"
#include "left_out.hpp"
#include "match_item.hpp"
#include "match_objects.hpp"
#include "match_slots.hpp"
#include "match_values.hpp"
#include "mismatch_policy.hpp"
#include "node_table.hpp"
#include "object.hpp"
#include "path_list.hpp"
#include "restore_plan.hpp"
#include "saved_children.hpp"
#include "tensor_source.hpp"
#include "walk.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

namespace graph::detail {

class Matcher final : private ObjectMatcher {
 public:
  Matcher(const NodeTable& saved, const TensorSource& source, MismatchPolicy on_mismatch = {}, const Casting& cast = {},
          bool skip_slot_variables = false)
      : ObjectMatcher(saved, source, std::move(on_mismatch), cast), slots_(saved, skip_slot_variables) {}

  // Binds node 0 to the root and what is below to what is below. Throws Error with ErrorCode::invalid_argument naming
  // every value that differs in dtype or shape, unless they are to be skipped; Error with ErrorCode::not_found when a
  // value's key is missing.
  void match(const Root& root) {
    bound_[0].is_bound = true;
    bound_[0].object = root.object;
    if (root.object) objects_.insert(root.object);
    items_.push_back({.object = root.object, .node = 0, .parent = no_parent, .is_done = true});
    core::detail::Vec<std::string_view> added{core::detail::save_counter_name};
    for (const RootChild& child : root.children) added.push_back(child.name);
    if (root.object)
      process(0, [&](const ChildSink& sink) { root.object.type->children(root.object.address, sink); }, plan_, added);
    SavedChildren of_root(saved_[0]);
    match_children(0, of_root, [&](const ChildSink& sink) { root.list_added(sink); }, plan_);
    run(1, plan_);
    follow_loose();
    fill_places([&](std::int32_t node) {
      const Object& object = binding(node).object;
      return objects_.contains(object) ? object : Object{};
    });
    if (slots_.is_waiting(bound_)) {
      core::detail::Vec<Object> now;
      for (const Binding& each : bound_) now.push_back(each.object);
      slots_.match(now, bound_, objects_, values_, plan_);
    }
    settle(0);
    refuse_mismatches(source_.name(), values_.refused());
  }

  // A child that comes to the root after match() was committed; `root` is without it. True when the checkpoint has
  // something for it that was still pending. After a throw, roll_back.
  bool match_child(const Root& root, std::string_view name, Slot slot) {
    objects_.clear();  // after a throw they are still there
    left_out_.forget_places();
    const std::size_t begin = items_.size();
    SavedChildren saved(saved_[0], name);
    const std::int32_t child = saved.find({.name = name, .slot = slot}).node;
    const bool found = child >= 0 && !is_bound(child);
    if (child < 0 || found)
      visit({.name = name, .slot = slot}, saved, 0, plan_);
    else
      note_unmatched(slot.get(), 0, name, plan_);
    run(begin, plan_);
    follow_loose();
    look_for_left_empty(root, [&] { return slots_.find_again(root, bound_, items_, begin); });
    core::detail::Vec<Object> now;
    fill_places([&](std::int32_t node) {
      const Object& object = binding(node).object;
      if (objects_.contains(object)) return object;
      for (std::size_t item = begin; item < items_.size(); ++item)
        if (items_[item].node == node) return Object{};
      if (now.empty()) now = slots_.find_again(root, bound_, items_, begin);
      return now[static_cast<std::size_t>(node)];
    });
    if (slots_.is_waiting(bound_))
      slots_.match(slots_.find_again(root, bound_, items_, begin), bound_, objects_, values_, plan_);
    settle(begin);
    refuse_mismatches(source_.name(), values_.refused());
    return found;
  }

  // How far matching has come, to return to when a match_child, or what follows it, fails.
  struct Progress {
    core::detail::Vec<std::uint8_t> is_bound;
    std::size_t items, unmatched;
    core::detail::Vec<EmptyPlace> left_empty;
    ValueMatcher::Progress values;
  };
  [[nodiscard]] Progress progress() const {
    core::detail::Vec<std::uint8_t> bound(bound_.size());
    for (std::size_t id = 0; id < bound.size(); ++id) bound[id] = bound_[id].is_bound ? 1 : 0;
    return {std::move(bound), items_.size(), left_out_.size(), left_empty_, values_.progress()};
  }
  void roll_back(const Progress& progress) {
    for (std::size_t id = 0; id < bound_.size(); ++id) {
      if (progress.is_bound[id] != 0) continue;
      bound_[id] = {};
      if (std::shared_ptr<void>* const owner = owners_.find(static_cast<std::int32_t>(id))) owner->reset();
      values_.give_back(static_cast<std::int32_t>(id));
    }
    items_.shrink_to(progress.items);
    left_out_.shrink_to(progress.unmatched);
    loose_.clear();
    empty_places_.clear();
    raw_.clear();
    left_empty_ = progress.left_empty;
    pointed_to_ = {};
    values_.roll_back(progress.values);
    loading_ = 0;
    plan_ = {};
  }

  [[nodiscard]] RestorePlan& plan() noexcept { return plan_; }

  // True while the root has saved children with values that no live child has claimed.
  [[nodiscard]] bool is_pending() const {
    for (const core::detail::FlatGraph::Child& child : saved_[0].children)
      if (waits_for(child)) return true;
    return false;
  }
  // True when all that is pending here has the name of a root's child in the newer one's checkpoint, which then goes
  // first.
  [[nodiscard]] bool is_superseded_by(const Matcher& newer) const {
    SavedChildren of_newer(newer.saved_[0]);
    for (const core::detail::FlatGraph::Child& child : saved_[0].children)
      if (waits_for(child) && of_newer.find({.name = child.local_name, .slot = {}}).node < 0) return false;
    return true;
  }

  // More than the root was bound.
  [[nodiscard]] bool is_nontrivial() const {
    for (std::size_t id = 1; id < bound_.size(); ++id)
      if (bound_[id].is_bound) return true;
    return false;
  }

  [[nodiscard]] PathList matched() const { return values_.matched(items_); }
  [[nodiscard]] const std::vector<Mismatch>& mismatched() const noexcept { return values_.mismatched(); }

  // Saved values that went nowhere, in node order; without slot variables when those are not wanted. And what pointers
  // led to that could not be given it, where it is not among those values.
  [[nodiscard]] std::vector<std::string> only_in_checkpoint(bool skip_slot_variables = false) const {
    std::vector<std::string> paths;
    for (std::size_t id = 0; id < saved_.size(); ++id) {
      const auto node = static_cast<std::int32_t>(id);
      if (!skip_slot_variables || !saved_.is_slot_variable(node)) values_.list_unclaimed(node, paths);
    }
    for (const EmptyPlace& each : left_empty_)
      if (is_bound(each.node) || !saved_[each.node].has_checkpoint_values.value_or(true))
        paths.push_back(path_of(each.parent, each.name));
    return paths;
  }

  // Live values that got nothing. Their objects are not looked at again: a restore may have moved or replaced them.
  [[nodiscard]] std::vector<std::string> only_in_program() const { return left_out_.paths(PathsInProgram(items_)); }

 private:
  [[nodiscard]] bool waits_for(const core::detail::FlatGraph::Child& child) const {
    return !is_bound(child.node_id) && saved_[child.node_id].has_checkpoint_values.value_or(true);
  }

  void settle(std::size_t begin) {
    slots_.leave_out(items_, begin, objects_, left_out_);
    // An object that a raw pointer of the state leads to must not end.
    plan_.spare([&](const Object& object) {
      return contains_or_holds(objects_, object) || (!pointed_to_.empty() && contains_or_holds(pointed_to_, object));
    });
    pointed_to_ = {};
    left_out_.forget(objects_);
    // The objects that were met may be gone by the next time, and new objects may be at their addresses.
    objects_ = {};
    left_out_.forget_places();
  }

  SlotMatcher slots_;
};

}  // namespace graph::detail
}  // namespace cairn
