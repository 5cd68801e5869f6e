// The slot variables of a saved graph and those of the live optimizers: matched last, once it is known which node each
// variable and each optimizer is.
#pragma once

#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "left_out.hpp"
#include "match_item.hpp"
#include "match_values.hpp"
#include "moved_places.hpp"
#include "node_table.hpp"
#include "object.hpp"
#include "object_set.hpp"
#include "restore_plan.hpp"
#include "saved_children.hpp"
#include "slot_variable_set.hpp"
#include "walk.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace cairn::graph::detail {

class SlotMatcher {
 public:
  SlotMatcher(const NodeTable& saved, bool is_skipped) : saved_(saved) {
    if (is_skipped) return;
    is_skipped_ = false;
    for (std::size_t id = 0; id < saved.size(); ++id)
      if (!saved[static_cast<std::int32_t>(id)].slot_variables.empty())
        optimizers_.push_back(static_cast<std::int32_t>(id));
  }

  // True when there are slot variables to be found yet.
  [[nodiscard]] bool is_waiting(const core::detail::Vec<NodeBinding>& bound) const {
    for (const std::int32_t optimizer : optimizers_)
      for (const core::detail::FlatGraph::SlotVariable& slot : saved_[optimizer].slot_variables)
        if (!bound[static_cast<std::size_t>(slot.slot_variable_node_id)].is_bound) return true;
    return false;
  }

  // Which live object each bound node is now. What was bound by an earlier match may have moved since, so it is found
  // again by its names; what this one has bound (`fresh`) need not be in its place yet.
  [[nodiscard]] core::detail::Vec<Object> find_again(const Root& root, const core::detail::Vec<NodeBinding>& bound,
                                                     const MatchItems& items, std::size_t fresh) const {
    core::detail::Vec<Object> now(bound.size());
    for (std::size_t item = fresh; item < items.size(); ++item)
      now[static_cast<std::size_t>(items[item].node)] = items[item].object;
    struct Found {
      std::int32_t node;
      Object object;
    };
    core::detail::Vec<Found> queue{{0, root.object}};
    now[0] = root.object;
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const auto [node, object] = queue[next];
      SavedChildren saved(saved_[node]);
      const auto visit = [&](const Child& child) {
        const std::int32_t found = child.kept == nullptr && !child.slot.type->is_loose() ? saved.find(child).node : -1;
        if (found < 0 || !bound[static_cast<std::size_t>(found)].is_bound || now[static_cast<std::size_t>(found)])
          return;
        const Object target = child.slot.get();
        if (!target) return;
        now[static_cast<std::size_t>(found)] = target;
        queue.push_back({found, target});
      };
      if (next == 0)
        root.list(visit);
      else
        object.type->children(object.address, visit);
    }
    return now;
  }

  // Throws Error with ErrorCode::unimplemented for a variable that this restore will move.
  void match(const core::detail::Vec<Object>& now, core::detail::Vec<NodeBinding>& bound, ObjectSet& objects,
             ValueMatcher& values, RestorePlan& plan) const {
    const MovedPlaces moved(plan);
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
      for (const core::detail::FlatGraph::SlotVariable& slot : saved_[optimizer].slot_variables) {
        const Object& variable = now[static_cast<std::size_t>(slot.original_variable_node_id)];
        const Named* found = sets.begin();
        while (found != sets.end() && found->name != slot.slot_name) ++found;
        const auto id = static_cast<std::size_t>(slot.slot_variable_node_id);
        if (!variable || found == sets.end() || bound[id].is_bound) continue;
        if (bound[static_cast<std::size_t>(slot.original_variable_node_id)].is_moving ||
            bound[static_cast<std::size_t>(optimizer)].is_moving)
          refuse_moving(slot, values.source().name());
        SlotVariableSet& set = *found->set;
        Object target = set.find(variable);
        if (!target) {
          auto create = set.create(variable, moved(variable), target);
          if (create == nullptr) continue;
          plan.add(std::move(create));
        }
        bound[id].is_bound = true;
        bound[id].object = target;
        const auto text = [&] { return saved_.path(slot.slot_variable_node_id); };
        const ValuePath path{MatchItem::no_parent, text};
        if (!objects.insert(target))
          values.claim_all(slot.slot_variable_node_id);
        else if (!values.take(slot.slot_variable_node_id, target, *target.type->leaf(), path, plan))
          objects.erase(target);
      }
    }
  }

  // Live slot variables that got nothing are left out, if their variables are part of the state.
  void leave_out(const MatchItems& items, std::size_t fresh, const ObjectSet& objects, LeftOut& left_out) const {
    if (is_skipped_) return;
    core::detail::Vec<LeftOut::Slots> live = left_out.take_slots();
    const auto path_of = [&](std::size_t item) {
      return item == 0 ? std::string() : detail::path_of(items, items[item].parent, items[item].name);
    };
    for (std::size_t item = fresh; item < items.size(); ++item) {
      const Object& object = items[item].object;
      if (!object || object.type->leaf() != nullptr) continue;
      object.type->slot_variables(object.address, [&](std::string_view name, SlotVariableSet& set, auto&&) {
        live.push_back({path_of(item), std::string(name), &set});
      });
    }
    if (live.empty()) return;
    core::detail::HashIndex places;  // of items
    const auto is_of = [&](const Object& object) {
      return [&items, object](std::size_t item) { return items[item].object == object; };
    };
    for (std::size_t item = 0; item < items.size(); ++item)
      if (const Object& object = items[item].object) places.insert(ObjectHash{}(object), item, is_of(object));
    for (const LeftOut::Slots& each : live)
      each.set->list([&](const Object& variable, const Object& slot) {
        const std::size_t place = places.find(ObjectHash{}(variable), is_of(variable));
        const bool is_item = place != core::detail::HashIndex::none;
        if (objects.contains(slot) || (!is_item && !left_out.has_met(variable))) return;
        const auto from_root = [](const std::string& below) { return below.empty() ? "(root)" : "(root)." + below; };
        left_out.note(slot,
                      from_root(each.optimizer) + "'s state '" + each.name + "' for " +
                          (is_item ? from_root(path_of(place)) : "a variable"),
                      false);
      });
  }

 private:
  [[noreturn]] void refuse_moving(const core::detail::FlatGraph::SlotVariable& slot, const std::string& file) const {
    const std::string path = saved_.path(slot.slot_variable_node_id);
    throw Error(ErrorCode::unimplemented, path + " cannot be restored from " + file +
                                              " while a list grows that holds the variable or the optimizer and has "
                                              "elements already: they move. Give the list the length that it was saved "
                                              "with before restoring")
        .in_file(file);
  }

  const NodeTable& saved_;
  bool is_skipped_ = true;
  core::detail::Vec<std::int32_t> optimizers_;  // saved nodes that have slot variables
};

}  // namespace cairn::graph::detail
