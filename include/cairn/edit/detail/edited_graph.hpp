// An object graph in the middle of a change, and how it is made true again: what lost its values or its holders goes,
// ids are numbered without gaps, and keys are what TensorFlow would call the values.
//
//   GraphEdit edit(graph);
//   edit.cut(edge);
//   EditedGraph edited = std::move(edit).finish();   // the graph, and what became of which key
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/object_graph.hpp"
#include "../../graph/detail/saved_graph.hpp"
#include "value_names.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cairn::edit::detail {

// What the keys of nodes begin with, up to "/.ATTRIBUTES/". Refers to the graph.
class KeyPrefixes {
 public:
  static constexpr std::string_view slot_separator = "/.OPTIMIZER_SLOT/";

  explicit KeyPrefixes(const graph::detail::SavedGraph& graph) : graph_(graph), by_name_(graph.message()) {}

  // By the node's first path, or what it is a slot variable of; nullopt for nodes that nobody holds.
  [[nodiscard]] std::optional<std::string> of(std::int32_t id) {
    if (auto path = path_of(id)) return path;
    find_slots();
    const auto slot = slots_.find(id);
    if (slot == slots_.end()) return std::nullopt;
    const auto& [optimizer, reference] = slot->second;
    const auto variable = path_of(reference->original_variable_node_id);
    const auto owner = path_of(optimizer);
    if (!variable || !owner) return std::nullopt;
    return *variable + std::string(slot_separator) + *owner + "/" +
           core::detail::escape_local_name(reference->slot_name);
  }

  // Whether the names in a prefix lead to the node.
  [[nodiscard]] bool lead_to(std::string_view prefix, std::int32_t id) {
    if (prefix.empty()) return id == 0;
    if (prefix.find(slot_separator) != prefix.npos) return of(id) == prefix;
    const auto names = names_of_key_path(prefix);
    const auto edge = names ? by_name_.find(*names) : std::nullopt;
    return edge && by_name_.node(*edge) == id;
  }

 private:
  void find_slots() {
    if (std::exchange(knows_slots_, true)) return;
    for (std::size_t id = 0; id < graph_.size(); ++id)
      for (const SlotVariableReference& slot : graph_[static_cast<std::int32_t>(id)].slot_variables)
        slots_.try_emplace(slot.slot_variable_node_id, static_cast<std::int32_t>(id), &slot);
  }
  [[nodiscard]] std::optional<std::string> path_of(std::int32_t id) const {
    std::vector<const std::string*> names;
    for (; id != 0; id = graph_.parent(id)) {
      if (graph_.parent(id) < 0) return std::nullopt;
      names.push_back(&graph_.local_name(id));
    }
    std::string path;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      if (name != names.rbegin()) path += '/';
      path += core::detail::escape_local_name(**name);
    }
    return path;
  }

  const graph::detail::SavedGraph& graph_;
  ChildrenByName by_name_;
  std::unordered_map<std::int32_t, std::pair<std::int32_t, const SlotVariableReference*>> slots_;  // by their nodes
  bool knows_slots_ = false;  // they are collected when they are first asked for
};

// Which nodes have a value, or anything below them has: TensorFlow's has_checkpoint_values. With `or_slots` also those
// whose own value may be gone while an optimizer keeps slot variables for them.
[[nodiscard]] inline std::vector<bool> nodes_with_values(const TrackableObjectGraph& graph, bool or_slots = false) {
  std::vector<std::vector<std::int32_t>> parents(graph.nodes.size());
  std::vector<bool> has(graph.nodes.size());
  std::vector<std::int32_t> open;
  for (std::size_t id = 0; id < graph.nodes.size(); ++id) {
    const TrackableObject& node = graph.nodes[id];
    for (const ObjectReference& child : node.children)
      parents[static_cast<std::size_t>(child.node_id)].push_back(static_cast<std::int32_t>(id));
    if (!node.attributes.empty() || !node.slot_variables.empty() || node.registered_saver) has[id] = true;
    if (or_slots)
      for (const SlotVariableReference& slot : node.slot_variables)
        has[static_cast<std::size_t>(slot.original_variable_node_id)] = true;
  }
  for (std::size_t id = 0; id < has.size(); ++id)
    if (has[id]) open.push_back(static_cast<std::int32_t>(id));
  while (!open.empty()) {
    const auto id = static_cast<std::size_t>(open.back());
    open.pop_back();
    for (const std::int32_t parent : parents[id]) {
      if (has[static_cast<std::size_t>(parent)]) continue;
      has[static_cast<std::size_t>(parent)] = true;
      open.push_back(parent);
    }
  }
  return has;
}

// Which nodes the root holds, slot variables of what it holds among them.
[[nodiscard]] inline std::vector<bool> held_nodes(const TrackableObjectGraph& graph) {
  std::vector<bool> held(graph.nodes.size());
  std::vector<std::int32_t> open;
  const auto hold = [&](std::int32_t id) {
    if (held[static_cast<std::size_t>(id)]) return false;
    held[static_cast<std::size_t>(id)] = true;
    open.push_back(id);
    return true;
  };
  hold(0);
  for (bool grows = true; grows;) {
    while (!open.empty()) {
      const auto id = static_cast<std::size_t>(open.back());
      open.pop_back();
      for (const ObjectReference& child : graph.nodes[id].children) hold(child.node_id);
    }
    grows = false;
    for (std::size_t id = 0; id < graph.nodes.size(); ++id)
      for (const SlotVariableReference& slot : graph.nodes[id].slot_variables)
        if (held[id] && held[static_cast<std::size_t>(slot.original_variable_node_id)])
          grows = hold(slot.slot_variable_node_id) || grows;
  }
  return held;
}

struct EditedGraph {
  std::shared_ptr<const graph::detail::SavedGraph> graph;
  std::vector<std::int32_t> ids;               // by the ids of GraphEdit; -1 for nodes that are gone
  std::map<std::string, std::string> renamed;  // keys as attributes have them
  std::set<std::string> erased;
};

// Works on a copy. Ids stay what they are until finish(); new nodes are numbered behind the others.
class GraphEdit {
 public:
  explicit GraphEdit(std::shared_ptr<const graph::detail::SavedGraph> saved)
      : saved_(std::move(saved)), graph_(saved_->message()) {}

  [[nodiscard]] TrackableObject& node(std::int32_t id) { return graph_.nodes[static_cast<std::size_t>(id)]; }
  [[nodiscard]] std::size_t size() const noexcept { return graph_.nodes.size(); }
  // Whether the node was there before the edit.
  [[nodiscard]] bool is_old(std::size_t id) const { return id < saved_->size(); }

  // The edge keeps its place in the list until finish(), where move_back() may put something.
  void cut(const graph::detail::SavedEdge& edge) {
    removes_ = true;
    ObjectReference& child = node(edge.parent).children[edge.child];
    if (const auto names = names_.find(edge.parent); names != names_.end()) names->second.erase(child.local_name);
    child.node_id = -1;
  }
  void cut_slot(const FittingSlot& slot) {
    removes_ = true;
    node(slot.optimizer).slot_variables[slot.index].slot_variable_node_id = -1;
  }
  // No other slot variable of the optimizer and the variable has the name.
  void rename_slot(const FittingSlot& slot, std::string name) {
    removes_ = true;
    node(slot.optimizer).slot_variables[slot.index].slot_name = std::move(name);
  }

  template <class IsErased>
  void erase_attributes(std::int32_t id, IsErased is_erased) {
    removes_ = erase_if(node(id).attributes, is_erased) != 0 || removes_;
  }

  [[nodiscard]] std::optional<std::int32_t> find_child(std::int32_t parent, const std::string& name) {
    const auto& children = node(parent).children;
    const auto known = names_.find(parent);
    if (known == names_.end() && children.size() <= few) {
      for (std::size_t i = children.size(); i-- > 0;)
        if (children[i].node_id >= 0 && children[i].local_name == name) return children[i].node_id;
      return std::nullopt;
    }
    const Names& names = known == names_.end() ? list_names(parent) : known->second;
    const auto found = names.find(name);
    if (found == names.end()) return std::nullopt;
    return children[found->second].node_id;
  }
  // The parent must not have a child of that name.
  void add_child(std::int32_t parent, std::string name, std::int32_t child) {
    if (const auto names = names_.find(parent); names != names_.end())
      names->second.emplace(name, node(parent).children.size());
    node(parent).children.push_back({child, std::move(name)});
  }
  // The same in the place of an edge that was cut.
  void add_child_at(const graph::detail::SavedEdge& edge, std::string name, std::int32_t child) {
    if (const auto names = names_.find(edge.parent); names != names_.end()) names->second.emplace(name, edge.child);
    ObjectReference& place = node(edge.parent).children[edge.child];
    place.node_id = child;
    place.local_name = std::move(name);
  }
  [[nodiscard]] std::int32_t new_node(TrackableObject object = {}) {
    if (object.children.empty() && !object.has_checkpoint_values) object.has_checkpoint_values = false;
    graph_.nodes.push_back(std::move(object));
    return static_cast<std::int32_t>(graph_.nodes.size() - 1);
  }

  // Attributes without a key get theirs.
  [[nodiscard]] EditedGraph finish() && {
    drop_filled();
    if (!removes_) return grown();
    remove_cut();
    const std::vector<bool> had_values = nodes_with_values(saved_->message());
    const std::vector<bool> was_held = held_nodes(saved_->message());
    // A slot variable that goes may leave an optimizer without values, and so on. Nodes without values do no harm.
    constexpr int most_rounds = 16;
    for (int round = 0; round < most_rounds && prune(had_values, was_held); ++round) {}
    EditedGraph edited = renumbered(was_held);
    name_values(edited);
    return edited;
  }

 private:
  using Names = std::unordered_map<std::string, std::size_t>;
  static constexpr std::size_t few = 8;  // names that are looked through where they are
  [[nodiscard]] const Names& list_names(std::int32_t id) {
    Names& names = names_[id];
    const auto& children = node(id).children;
    names.reserve(children.size());
    for (std::size_t i = 0; i < children.size(); ++i)
      if (children[i].node_id >= 0) names[children[i].local_name] = i;
    return names;
  }

  // A member that has got an object is not empty any more.
  void drop_filled() {
    for (TrackableObject& node : graph_.nodes) {
      if (node.empty_children.empty()) continue;
      std::unordered_set<std::string_view> held;
      for (const ObjectReference& child : node.children)
        if (child.node_id >= 0) held.insert(child.local_name);
      erase_if(node.empty_children, [&](const std::string& name) { return held.contains(name); });
    }
  }

  // Nothing was taken away: every key is still true.
  [[nodiscard]] EditedGraph grown() {
    EditedGraph edited;
    edited.ids.resize(graph_.nodes.size());
    std::iota(edited.ids.begin(), edited.ids.end(), 0);
    fill_flags(graph_);
    edited.graph = std::make_shared<const graph::detail::SavedGraph>(std::move(graph_), std::string());
    KeyPrefixes prefixes(*edited.graph);
    std::map<std::pair<std::int32_t, std::size_t>, std::string> named;
    for (const std::int32_t id : edited.ids) {
      const auto& attributes = (*edited.graph)[id].attributes;
      for (std::size_t i = 0; i < attributes.size(); ++i)
        if (attributes[i].checkpoint_key.empty())
          named[{id, i}] = core::detail::attribute_key(prefixes.of(id).value_or(""), attributes[i].name);
    }
    if (!named.empty()) edited.graph = with_keys(*edited.graph, named);
    return edited;
  }

  static void fill_flags(TrackableObjectGraph& graph) {
    const std::vector<bool> has_values = nodes_with_values(graph);
    for (std::size_t id = 0; id < graph.nodes.size(); ++id)
      if (graph.nodes[id].has_checkpoint_values) graph.nodes[id].has_checkpoint_values = has_values[id];
  }

  void remove_cut() {
    for (TrackableObject& node : graph_.nodes) {
      erase_if(node.children, [](const ObjectReference& child) { return child.node_id < 0; });
      erase_if(node.slot_variables, [](const SlotVariableReference& slot) { return slot.slot_variable_node_id < 0; });
    }
  }

  // Takes away edges to what has lost all its values, and to what is held no more. True when there may be more of it.
  [[nodiscard]] bool prune(const std::vector<bool>& had_values, const std::vector<bool>& was_held) {
    const std::vector<bool> held = held_nodes(graph_);
    const auto is_gone = [&](std::int32_t id) {
      const auto at = static_cast<std::size_t>(id);
      return is_old(at) && was_held[at] && !held[at];
    };
    std::size_t removed = 0;
    for (TrackableObject& node : graph_.nodes)
      removed += erase_if(node.slot_variables, [&](const SlotVariableReference& slot) {
        return is_gone(slot.original_variable_node_id) || is_gone(slot.slot_variable_node_id);
      });
    const std::vector<bool> has_values = nodes_with_values(graph_, true);
    for (std::size_t id = 0; id < graph_.nodes.size(); ++id)
      removed += erase_if(graph_.nodes[id].children, [&](const ObjectReference& child) {
        const auto at = static_cast<std::size_t>(child.node_id);
        return child.node_id != 0 && (is_gone(child.node_id) || (is_old(at) && had_values[at] && !has_values[at])) &&
               (held[id] || is_gone(child.node_id));
      });
    return removed != 0;
  }

  [[nodiscard]] EditedGraph renumbered(const std::vector<bool>& was_held) {
    EditedGraph edited;
    const std::vector<bool> held = held_nodes(graph_);
    edited.ids.assign(graph_.nodes.size(), -1);
    std::int32_t next = 0;
    for (std::size_t id = 0; id < graph_.nodes.size(); ++id)
      if (held[id] || (is_old(id) && !was_held[id])) edited.ids[id] = next++;
    const auto new_id = [&](std::int32_t& id) { id = edited.ids[static_cast<std::size_t>(id)]; };
    TrackableObjectGraph result = std::move(graph_);
    for (std::size_t id = 0; id < edited.ids.size(); ++id) {
      if (edited.ids[id] < 0) continue;
      TrackableObject& node = result.nodes[static_cast<std::size_t>(edited.ids[id])];
      if (&node != &result.nodes[id]) node = std::move(result.nodes[id]);
      for (ObjectReference& child : node.children) new_id(child.node_id);
      erase_if(node.children, [](const ObjectReference& child) { return child.node_id < 0; });
      for (SlotVariableReference& slot : node.slot_variables) {
        new_id(slot.original_variable_node_id);
        new_id(slot.slot_variable_node_id);
      }
      erase_if(node.slot_variables, [](const SlotVariableReference& slot) {
        return slot.original_variable_node_id < 0 || slot.slot_variable_node_id < 0;
      });
    }
    result.nodes.resize(static_cast<std::size_t>(next));
    fill_flags(result);
    edited.graph = std::make_shared<const graph::detail::SavedGraph>(std::move(result), std::string());
    return edited;
  }

  // A key whose names lead to its value no more becomes one that does; keys that are still true, and those that never
  // were, stay.
  void name_values(EditedGraph& edited) {
    std::map<std::pair<std::int32_t, std::size_t>, std::string> named;  // of node and attribute
    KeyPrefixes before(*saved_);
    KeyPrefixes after(*edited.graph);
    std::set<std::string> kept;
    for (std::size_t id = 0; id < edited.ids.size(); ++id) {
      const std::int32_t now = edited.ids[id];
      if (now < 0) continue;
      const auto& attributes = (*edited.graph)[now].attributes;
      for (std::size_t i = 0; i < attributes.size(); ++i) {
        const std::string& key = attributes[i].checkpoint_key;
        const std::size_t end = key.find(attributes_separator);
        if (key.empty()) {
          named[{now, i}] = core::detail::attribute_key(after.of(now).value_or(""), attributes[i].name);
        } else if (is_old(id) && end != key.npos) {
          const std::string_view prefix = std::string_view(key).substr(0, end);
          if (before.lead_to(prefix, static_cast<std::int32_t>(id)) && !after.lead_to(prefix, now)) {
            std::string renamed = after.of(now).value_or(std::string(prefix)) + key.substr(end);
            edited.renamed[key] = renamed;
            named[{now, i}] = std::move(renamed);
            continue;
          }
        }
        kept.insert(key);
      }
    }
    for (const TrackableObject& node : saved_->message().nodes)
      for (const SerializedTensor& attribute : node.attributes)
        if (!kept.contains(attribute.checkpoint_key) && !edited.renamed.contains(attribute.checkpoint_key))
          edited.erased.insert(attribute.checkpoint_key);
    if (!named.empty()) edited.graph = with_keys(*edited.graph, named);
  }

  // A graph with other keys here and there.
  [[nodiscard]] static std::shared_ptr<const graph::detail::SavedGraph> with_keys(
      const graph::detail::SavedGraph& graph, const std::map<std::pair<std::int32_t, std::size_t>, std::string>& keys) {
    TrackableObjectGraph named = graph.message();
    for (const auto& [place, key] : keys)
      named.nodes[static_cast<std::size_t>(place.first)].attributes[place.second].checkpoint_key = key;
    return std::make_shared<const graph::detail::SavedGraph>(std::move(named), std::string());
  }

  std::shared_ptr<const graph::detail::SavedGraph> saved_;
  TrackableObjectGraph graph_;
  bool removes_ = false;  // or gives something another name
  std::unordered_map<std::int32_t, Names> names_;
};

}  // namespace cairn::edit::detail
