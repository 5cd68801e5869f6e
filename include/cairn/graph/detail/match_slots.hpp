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

class SlotsOfPlan final : public MatchedSlots {
 public:
  void note_left_out(const std::string& path, const Object& object) override {
    object.type->slot_variables(object.address, [&](std::string_view name, SlotVariableSet& set, auto&&) {
      left_out_.push_back({path, std::string(name), &set});
    });
  }
  void forget() noexcept override { left_out_.clear(); }
  // Throws Error with ErrorCode::unimplemented for a variable that this restore will move.
  void finish(RestorePlan& plan, const Root& root, std::size_t begin) override {
    if (plan.options_.skip_slot_variables) return left_out_.clear();
    if (waits(plan)) {
      core::detail::Vec<Object> now;  // which live object each node is
      if (begin == 0)
        for (const NodeBinding& each : plan.bound_) now.push_back(each.object);
      else
        now = plan.find_again_(plan, root, begin);
      match(plan, now);
    }
    leave_out(plan, begin);
  }

 private:
  // What an optimizer that was left out keeps for variables.
  struct Slots {
    std::string optimizer;
    std::string name;
    const SlotVariableSet* set;
  };

  [[nodiscard]] static bool waits(const RestorePlan& plan);
  static void match(RestorePlan& plan, const core::detail::Vec<Object>& now);
  void leave_out(RestorePlan& plan, std::size_t begin);

  core::detail::Vec<Slots> left_out_;
};

inline bool SlotsOfPlan::waits(const RestorePlan& plan) {
  for (std::size_t id = 0; id < plan.saved_.size(); ++id)
    for (const SlotVariableReference slot : plan.saved_.slot_variables(static_cast<std::int32_t>(id)))
      if (!plan.is_bound(slot.slot_variable_node_id)) return true;
  return false;
}

inline void SlotsOfPlan::match(RestorePlan& plan, const core::detail::Vec<Object>& now) {
  const MovedPlaces moved(plan.actions_);
  for (std::size_t id = 0; id < plan.saved_.size(); ++id) {
    const auto optimizer = static_cast<std::int32_t>(id);
    const Object& owner = now[id];
    if (plan.saved_.slot_variables(optimizer).empty() || !owner) continue;
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
    for (const SlotVariableReference slot : plan.saved_.slot_variables(optimizer)) {
      const std::int32_t node = slot.slot_variable_node_id;
      const Object& variable = now[static_cast<std::size_t>(slot.original_variable_node_id)];
      const Named* found = sets.begin();
      while (found != sets.end() && found->name != slot.slot_name) ++found;
      if (!variable || found == sets.end() || plan.is_bound(node)) continue;
      if (plan.binding(slot.original_variable_node_id).is_moving || plan.binding(optimizer).is_moving)
        core::detail::fail(
            ErrorCode::unimplemented,
            {plan.saved_.path(node), " cannot be restored from ", plan.file(),
             " while a list grows that holds the variable or the optimizer and has elements already: they "
             "move. Give the list the length that it was saved with before restoring"},
            {.file = plan.file()});
      Object target = found->set->find(variable);
      if (!target) {
        auto create = found->set->create(variable, moved(variable), target);
        if (create == nullptr) continue;
        plan.actions_.add(std::move(create));
      }
      plan.binding(node).is_bound = true;
      plan.binding(node).object = target;
      if (!plan.objects_.insert(target))
        plan.claim(node);
      else if (!plan.take(node, target, *target.type->leaf(), RestorePlan::is_slot | static_cast<std::uint32_t>(node),
                          plan.actions_))
        plan.objects_.erase(target);
    }
  }
}

// Live slot variables that got nothing are left out, if their variables are part of the state.
inline void SlotsOfPlan::leave_out(RestorePlan& plan, std::size_t begin) {
  const MatchItems& items = plan.items_;
  for (std::size_t item = begin; item < items.size(); ++item)
    if (const Object& object = items[item].object; object && object.type->slot_feature() != nullptr)
      note_left_out(plan.path(static_cast<std::uint32_t>(item)), object);
  const core::detail::Vec<Slots> live = std::exchange(left_out_, {});
  if (live.empty()) return;
  core::detail::HashIndex places;  // of items
  const auto is_of = [&](const Object& object) {
    return [&items, object](std::size_t item) { return items[item].object == object; };
  };
  for (std::size_t item = 0; item < items.size(); ++item)
    if (const Object& object = items[item].object) places.insert(ObjectHash{}(object), item, is_of(object));
  for (const Slots& each : live)
    each.set->list([&](const Object& variable, const Object& slot) {
      const std::size_t place = places.find(ObjectHash{}(variable), is_of(variable));
      const bool is_item = place != core::detail::HashIndex::none;
      if (plan.objects_.contains(slot) || (!is_item && !plan.left_out_.has_met(variable))) return;
      const auto from_root = [](const std::string& below) { return below.empty() ? "(root)" : "(root)." + below; };
      plan.left_out_.note(slot,
                          from_root(each.optimizer) + "'s state '" + each.name + "' for " +
                              (is_item ? from_root(plan.path(static_cast<std::uint32_t>(place))) : "a variable"),
                          false);
    });
}

}  // namespace CAIRN_NAMESPACE::graph::detail
