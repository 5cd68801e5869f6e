// An object graph in the middle of a change, and how it is made true again: what lost its values or its holders goes,
// ids are numbered without gaps, and keys are what TensorFlow would call the values.
//
//   GraphEdit edit(graph);
//   edit.cut(edge);
//   EditedGraph edited = std::move(edit).finish();   // the graph, and what became of which key
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/maps.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "../../graph/detail/graph_change.hpp"
#include "../../graph/detail/graph_paths.hpp"
#include "../../graph/detail/graph_walks.hpp"
#include "value_names.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

// What the keys of nodes begin with, up to "/.ATTRIBUTES/". Refers to the graph.
class KeyPrefixes {
 public:
  static constexpr std::string_view slot_separator = "/.OPTIMIZER_SLOT/";

  explicit KeyPrefixes(const ObjectGraph& graph) : graph_(graph) {}

  // By the node's first path, or what it is a slot variable of; nullopt for nodes that nobody holds.
  [[nodiscard]] std::optional<std::string> of(std::int32_t id) {
    if (auto path = path_of(id)) return path;
    find_slots();
    const Slot* const slot = slots_.find(id);
    if (slot == nullptr) return std::nullopt;
    const auto variable = path_of(slot->reference.original_variable_node_id);
    const auto owner = path_of(slot->optimizer);
    if (!variable || !owner) return std::nullopt;
    return *variable + std::string(slot_separator) + *owner + "/" +
           core::detail::escape_local_name(slot->reference.slot_name);
  }

  // Whether the names in a prefix lead to the node.
  [[nodiscard]] bool lead_to(std::string_view prefix, std::int32_t id) {
    if (prefix.empty()) return id == 0;
    if (prefix.find(slot_separator) != prefix.npos) return of(id) == prefix;
    const auto names = names_of_key_path(prefix);
    const auto edge = names ? by_name_.find(graph_, *names) : graph::detail::SavedEdge();
    return edge && graph::detail::child_at(graph_, edge).node_id == id;
  }

 private:
  struct Slot {
    std::int32_t optimizer = 0;
    SlotVariableReference reference = {};
  };

  void find_slots() {
    if (std::exchange(knows_slots_, true)) return;
    for (std::size_t id = 0; id < graph_.size(); ++id)
      for (const SlotVariableReference slot : graph_[static_cast<std::int32_t>(id)].slot_variables)
        slots_.insert(slot.slot_variable_node_id, {static_cast<std::int32_t>(id), slot});
  }
  [[nodiscard]] std::optional<std::string> path_of(std::int32_t id) const {
    return graph::detail::full_path(graph_, id, '/', static_cast<std::size_t>(-1));
  }

  const ObjectGraph& graph_;
  graph::detail::ChildrenByName by_name_;
  core::detail::HashMap<std::int32_t, Slot> slots_;  // by their nodes
  bool knows_slots_ = false;                         // they are collected when they are first asked for
};

// Which nodes the root holds, slot variables of what it holds among them.
[[nodiscard]] inline core::detail::Vec<bool> held_nodes(const ObjectGraph& graph) {
  core::detail::Vec<bool> held(graph.size());
  core::detail::Vec<std::int32_t> open;
  const auto hold = [&](std::int32_t id) {
    const bool is_new = !std::exchange(held[static_cast<std::size_t>(id)], true);
    if (is_new) open.push_back(id);
    return is_new;
  };
  hold(0);
  for (bool grows = true; grows;) {
    while (!open.empty()) {
      const std::int32_t id = open.back();
      open.pop_back();
      for (const ObjectReference child : graph[id].children) hold(child.node_id);
    }
    grows = false;
    for (std::size_t id = 0; id < graph.size(); ++id)
      for (const SlotVariableReference slot : graph[static_cast<std::int32_t>(id)].slot_variables)
        if (held[id] && held[static_cast<std::size_t>(slot.original_variable_node_id)])
          grows = hold(slot.slot_variable_node_id) || grows;
  }
  return held;
}

struct EditedGraph {
  std::shared_ptr<const ObjectGraph> graph;
  std::vector<std::int32_t> ids;               // by the ids of GraphEdit; -1 for nodes that are gone
  std::map<std::string, std::string> renamed;  // keys as attributes have them
  std::set<std::string> erased;
};

// Works on a copy. Ids stay what they are until finish(); new nodes are numbered behind the others.
class GraphEdit : public graph::detail::GraphChange {
 public:
  explicit GraphEdit(std::shared_ptr<const ObjectGraph> saved) : GraphChange(*saved), saved_(std::move(saved)) {}

  // Nothing is taken away but by the functions below.
  [[nodiscard]] std::size_t size() const noexcept { return graph().size(); }
  // Whether the node was there before the edit.
  [[nodiscard]] bool is_old(std::size_t id) const { return id < saved_->size(); }

  void cut(const graph::detail::SavedEdge& edge) {
    removes_ = true;
    GraphChange::cut(edge);
  }
  void cut_slot(const FittingSlot& fits) {
    removes_ = true;
    SlotVariableReference slot = graph()[fits.optimizer].slot_variables[fits.index];
    slot.slot_variable_node_id = -1;
    graph().set_slot_variable(fits.optimizer, fits.index, slot);
  }
  // No other slot variable of the optimizer and the variable has the name.
  void rename_slot(const FittingSlot& fits, std::string_view name) {
    removes_ = true;
    SlotVariableReference slot = graph()[fits.optimizer].slot_variables[fits.index];
    slot.slot_name = name;
    graph().set_slot_variable(fits.optimizer, fits.index, slot);
  }

  template <class IsErased>
  void erase_attributes(std::int32_t id, const IsErased& is_erased) {
    removes_ = graph().erase_attributes(id, is_erased) != 0 || removes_;
  }

  // Attributes without a key get theirs.
  [[nodiscard]] EditedGraph finish() && {
    drop_filled();
    EditedGraph edited;
    if (removes_) {
      remove_cut();
      const core::detail::Vec<bool> had_values = graph::detail::nodes_with_values(*saved_);
      const core::detail::Vec<bool> was_held = held_nodes(*saved_);
      // A slot variable that goes may leave an optimizer without values, and so on. Nodes without values do no harm.
      constexpr int most_rounds = 16;
      for (int round = 0; round < most_rounds && prune(had_values, was_held); ++round) {}
      renumber(was_held, edited);
    } else {  // every key is still true
      for (std::size_t id = 0; id < size(); ++id) edited.ids.push_back(static_cast<std::int32_t>(id));
    }
    const core::detail::Vec<bool> has_values = graph::detail::nodes_with_values(graph());
    for_each_node([&](std::int32_t id) {
      if (graph()[id].has_checkpoint_values)
        graph().set_has_checkpoint_values(id, has_values[static_cast<std::size_t>(id)]);
    });
    name_values(edited);
    graph().find_parents();
    edited.graph = std::make_shared<const ObjectGraph>(std::move(graph()));
    return edited;
  }

 private:
  template <class Use>
  void for_each_node(const Use& use) const {
    for (std::size_t id = 0; id < size(); ++id) use(static_cast<std::int32_t>(id));
  }

  // A member that has got an object is not empty any more.
  void drop_filled() {
    for_each_node([&](std::int32_t id) {
      if (graph()[id].empty_children.empty()) return;
      std::unordered_set<std::string_view> held;
      for (const ObjectReference child : graph()[id].children)
        if (child.node_id >= 0) held.insert(child.local_name);
      graph().erase_empty_children(id, [&](std::string_view name) { return held.contains(name); });
    });
  }

  void remove_cut() {
    for_each_node([&](std::int32_t id) {
      graph().erase_children(id, [](const ObjectReference& child) { return child.node_id < 0; });
      graph().erase_slot_variables(id,
                                   [](const SlotVariableReference& slot) { return slot.slot_variable_node_id < 0; });
    });
  }

  // Takes away edges to what has lost all its values, and to what is held no more. True when there may be more of it.
  [[nodiscard]] bool prune(const core::detail::Vec<bool>& had_values, const core::detail::Vec<bool>& was_held) {
    const core::detail::Vec<bool> held = held_nodes(graph());
    const auto is_gone = [&](std::int32_t id) {
      const auto at = static_cast<std::size_t>(id);
      return is_old(at) && was_held[at] && !held[at];
    };
    std::size_t removed = 0;
    for_each_node([&](std::int32_t id) {
      removed += graph().erase_slot_variables(id, [&](const SlotVariableReference& slot) {
        return is_gone(slot.original_variable_node_id) || is_gone(slot.slot_variable_node_id);
      });
    });
    const core::detail::Vec<bool> has_values = graph::detail::nodes_with_values(graph(), true);
    for_each_node([&](std::int32_t id) {
      removed += graph().erase_children(id, [&](const ObjectReference& child) {
        const auto at = static_cast<std::size_t>(child.node_id);
        return child.node_id != 0 && (is_gone(child.node_id) || (is_old(at) && had_values[at] && !has_values[at])) &&
               (held[static_cast<std::size_t>(id)] || is_gone(child.node_id));
      });
    });
    return removed != 0;
  }

  void renumber(const core::detail::Vec<bool>& was_held, EditedGraph& edited) {
    const core::detail::Vec<bool> held = held_nodes(graph());
    edited.ids.assign(size(), -1);
    std::int32_t next = 0;
    for (std::size_t id = 0; id < size(); ++id)
      if (held[id] || (is_old(id) && !was_held[id])) edited.ids[id] = next++;
    ObjectGraph result;
    for_each_node([&](std::int32_t id) {
      if (edited.ids[static_cast<std::size_t>(id)] >= 0)
        result.add_node_of(graph(), id,
                           [&](std::int32_t referred) { return edited.ids[static_cast<std::size_t>(referred)]; });
    });
    result.set_unknown_fields(graph().unknown_fields());
    graph() = std::move(result);
  }

  // A key whose names lead to its value no more becomes one that does; keys that are still true, and those that never
  // were, stay. Attributes without a key get one.
  void name_values(EditedGraph& edited) {
    struct Named {
      std::int32_t node;
      std::size_t attribute;
      std::string key;
    };
    std::vector<Named> named;
    KeyPrefixes before(*saved_);
    KeyPrefixes after(graph());
    std::set<std::string, std::less<>> kept;
    for (std::size_t id = 0; id < edited.ids.size(); ++id) {
      const std::int32_t now = edited.ids[id];
      if (now < 0) continue;
      const auto attributes = graph()[now].attributes;
      for (std::size_t i = 0; i < attributes.size(); ++i) {
        const std::string_view key = attributes[i].checkpoint_key;
        const std::size_t end = key.find(attributes_separator);
        if (key.empty()) {
          named.push_back({now, i, core::detail::attribute_key(after.of(now).value_or(""), attributes[i].name)});
        } else if (removes_ && is_old(id) && end != key.npos) {
          const std::string_view prefix = key.substr(0, end);
          if (before.lead_to(prefix, static_cast<std::int32_t>(id)) && !after.lead_to(prefix, now)) {
            named.push_back({now, i, after.of(now).value_or(std::string(prefix)) + std::string(key.substr(end))});
            edited.renamed[std::string(key)] = named.back().key;
            continue;
          }
        }
        if (removes_) kept.emplace(key);
      }
    }
    for (std::size_t id = 0; removes_ && id < saved_->size(); ++id)
      for (const SerializedTensor attribute : (*saved_)[static_cast<std::int32_t>(id)].attributes) {
        std::string key(attribute.checkpoint_key);
        if (!kept.contains(key) && !edited.renamed.contains(key)) edited.erased.insert(std::move(key));
      }
    for (const Named& each : named) graph().set_key(each.node, each.attribute, each.key);
  }

  std::shared_ptr<const ObjectGraph> saved_;
  bool removes_ = false;  // or gives something another name
};

}  // namespace CAIRN_NAMESPACE::edit::detail
