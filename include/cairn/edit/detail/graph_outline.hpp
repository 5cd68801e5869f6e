// Who holds whom in an object graph, for a look at all of a large one in little memory: of each node the place of the
// edge through which it is reached first.
#pragma once

#include "../../core/detail/shown_path.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "graph_text.hpp"
#include "graph_window.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::edit::detail {

// The memory is sixteen bytes for each node, GraphText's among them, four more while it is made, and some windows of its
// bytes. The members mean what those of ObjectGraph with these names do. It belongs to one thread.
class GraphOutline {
 public:
  // Goes over all nodes. The graph must outlive it. Throws Error with ErrorCode::data_loss for what is no graph, and
  // where an id points to no node.
  explicit GraphOutline(const GraphText& graph) : graph_(graph), window_(graph), names_(graph) {
    static_cast<void>(graph.node(0));  // throws where there is none
    const bool has_slots = check();
    parents_.resize(graph.size());
    find_parents();
    if (has_slots) find_slot_variables();
  }

  [[nodiscard]] const GraphText& graph() const noexcept { return graph_; }
  [[nodiscard]] std::int32_t parent(std::int32_t id) const { return std::max(parent_of(id).node, -1); }
  [[nodiscard]] bool is_slot_variable(std::int32_t id) const { return parent_of(id).node < -1; }
  // True for the edge, by its place, through which the node is reached first.
  [[nodiscard]] bool is_first_edge(std::int32_t id, std::uint32_t place) const {
    return parent_of(id).node >= 0 && parent_of(id).edge == place;
  }

  [[nodiscard]] std::string path(std::int32_t id) {
    const Parent& parent = parent_of(id);
    if (parent.node < -1) {
      const SlotVariableReference slot = NodeFields(names_, parent.edge).slot();
      std::string name(slot.slot_name);
      return path_from_root(-2 - parent.node) + "'s state '" + std::move(name) + "' for " +
             path_from_root(slot.original_variable_node_id);
    }
    if (id != 0 && parent.node == -1) {
      for (NodeFields fields(names_, id); fields.next();)
        if (fields.number() == NodeFields::attribute) return std::string(fields.tensor().checkpoint_key);
      return "(node " + std::to_string(id) + ")";
    }
    if (id == 0) return {};
    // Those of one parent often come one after the other.
    if (parent.node != known_parent_) {
      known_path_ = path_from(parent.node);
      known_parent_ = parent.node;
    }
    const std::string_view name = NodeFields(names_, parent.edge).reference().local_name;
    if (known_path_.size() + 1 + name.size() > core::detail::ShownPath::max_bytes) return path_from(id);
    return (known_path_.empty() ? "" : known_path_ + ".") + std::string(name);
  }

 private:
  struct Parent {
    std::int32_t node = -1;  // -2 - the optimizer's id for a slot variable that nobody holds
    std::uint32_t edge = 0;  // the place of the reference
  };

  [[nodiscard]] const Parent& parent_of(std::int32_t id) const { return parents_[static_cast<std::size_t>(id)]; }

  // Decodes every node; returns true when one has slot variables.
  [[nodiscard]] bool check() {
    bool has_slots = false;
    for (std::size_t id = 0; id < graph_.size(); ++id)
      for (NodeFields fields(window_, static_cast<std::int32_t>(id)); fields.next();) {
        switch (fields.number()) {
          case NodeFields::child:
            static_cast<void>(graph_.node(fields.reference().node_id));
            break;
          case NodeFields::attribute:
            static_cast<void>(fields.tensor());
            break;
          case NodeFields::slot_variable: {
            const SlotVariableReference slot = fields.slot();
            static_cast<void>(graph_.node(slot.original_variable_node_id));
            static_cast<void>(graph_.node(slot.slot_variable_node_id));
            has_slots = true;
            break;
          }
          case NodeFields::registered_saver:
          case format::empty_children_field:
            static_cast<void>(fields.name());
            break;
          default:
            break;
        }
      }
    return has_slots;
  }
  // Breadth first from the root.
  void find_parents() {
    core::detail::Vec<std::int32_t> queue;
    queue.reserve(graph_.size());
    queue.push_back(0);
    for (std::size_t next = 0; next < queue.size(); ++next)
      for (NodeFields fields(window_, queue[next]); fields.next();) {
        if (fields.number() != NodeFields::child) continue;
        const std::int32_t child = fields.reference().node_id;
        Parent& parent = parents_[static_cast<std::size_t>(child)];
        if (child == 0 || parent.node >= 0) continue;
        parent = {queue[next], fields.place()};
        queue.push_back(child);
      }
  }
  void find_slot_variables() {
    for (std::size_t id = 0; id < graph_.size(); ++id)
      for (NodeFields fields(window_, static_cast<std::int32_t>(id)); fields.next();) {
        if (fields.number() != NodeFields::slot_variable) continue;
        const std::int32_t variable = fields.slot().slot_variable_node_id;
        Parent& parent = parents_[static_cast<std::size_t>(variable)];
        if (variable != 0 && parent.node == -1) parent = {-2 - static_cast<std::int32_t>(id), fields.place()};
      }
  }

  // The names from the root to a node that it reaches.
  [[nodiscard]] std::string path_from(std::int32_t id) {
    core::detail::Vec<std::string> names;
    std::size_t bytes = 0;
    for (; parent_of(id).node >= 0 && bytes <= core::detail::ShownPath::max_bytes; id = parent_of(id).node) {
      names.push_back(std::string(NodeFields(names_, parent_of(id).edge).reference().local_name));
      bytes += names.back().size() + 1;
    }
    core::detail::ShownPath path;
    for (const std::string& name : names) path.prepend(name);
    return std::move(path).text();
  }
  [[nodiscard]] std::string path_from_root(std::int32_t id) {
    if (id == 0) return "(root)";
    if (parent_of(id).node < 0) return "(root).(node " + std::to_string(id) + ")";
    return "(root)." + path_from(id);
  }

  const GraphText& graph_;
  GraphWindow window_, names_;
  core::detail::Vec<Parent> parents_;
  std::int32_t known_parent_ = -1;  // the node whose path is known
  std::string known_path_;
};

}  // namespace CAIRN_NAMESPACE::edit::detail
