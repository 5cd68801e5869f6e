// The object graph of a file, checked and ready to be matched: node ids can be trusted, and every node has a path for
// messages.
#pragma once

#include "../../core/detail/flat_graph.hpp"
#include "../../core/detail/maps.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "shown_path.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::graph::detail {

class NodeTable {
 public:
  // Throws Error with ErrorCode::data_loss when there is no node, or an id points to none. Cycles and nodes that nobody
  // reaches are legal. A graph that the program made up for its own objects may give a key to several.
  NodeTable(core::detail::FlatGraph graph, const std::string& file, bool is_made_up = false)
      : flat_(std::move(graph)), is_made_up_(is_made_up) {
    const auto count = static_cast<std::int64_t>(flat_.size());
    const auto require = [&](std::int32_t id) {
      if (id < 0 || id >= count)
        throw Error(ErrorCode::data_loss, "the object graph in " + file + " refers to node " + std::to_string(id) +
                                              ", but has only nodes 0 to " + std::to_string(count - 1) +
                                              "; the file is damaged or was not written by TensorFlow")
            .in_file(file)
            .expecting("a node id below " + std::to_string(count), std::to_string(id));
    };
    if (count == 0) require(0);
    for (const core::detail::FlatGraph::Child& child : flat_.children()) require(child.node_id);
    flat_.for_each_slot_variable([&](std::int32_t, const core::detail::FlatGraph::SlotVariable& slot) {
      require(slot.original_variable_node_id);
      require(slot.slot_variable_node_id);
    });
    find_parents();
  }

  // A graph made out of another one, which is checked already: `origins` has each node's id there, or -1 for a new one.
  // Paths remain those of the other one.
  NodeTable(core::detail::Own<const NodeTable> original, core::detail::FlatGraph changed,
            core::detail::Vec<std::int32_t> origins)
      : flat_(std::move(changed)), original_(std::move(original)), origins_(std::move(origins)) {
    find_parents();
  }

  NodeTable(const NodeTable&) = delete;
  NodeTable& operator=(const NodeTable&) = delete;
  virtual ~NodeTable() = default;

  [[nodiscard]] std::size_t size() const noexcept { return flat_.size(); }
  [[nodiscard]] core::detail::FlatGraph::Node operator[](std::int32_t id) const { return flat_[id]; }

  [[nodiscard]] std::size_t attribute_count() const noexcept { return flat_.attributes().size(); }
  // The number of an attribute of a node, among those of all nodes.
  [[nodiscard]] std::size_t number_of(const core::detail::FlatGraph::Attribute& attribute) const noexcept {
    return static_cast<std::size_t>(&attribute - flat_.attributes().data());
  }

  // The node's path from the root: "model.kernel". Slot variables, which are no one's children, are called
  // "(root).optimizer's state 'm' for (root).kernel", as TensorFlow does; other nodes that nobody reaches by their key,
  // or "(node 7)". Made when asked for: in a deep graph all paths together would be far larger than the file.
  [[nodiscard]] std::string path(std::int32_t id) const {
    return has_origin(id) ? original_->path(origins_[static_cast<std::size_t>(id)]) : path_here(id);
  }
  // That path, and the one that a rename has given the node: "weights (renamed to kernel)".
  [[nodiscard]] std::string path_with_rename(std::int32_t id) const {
    std::string path = this->path(id);
    if (!has_origin(id) || !reached(id)) return path;
    const std::string renamed = path_here(id);
    return renamed == path ? path : path + " (renamed to " + renamed + ")";
  }

  // The first parent's id and the name it has for the node; -1 for the root and for what nobody reaches.
  [[nodiscard]] std::int32_t parent(std::int32_t id) const {
    return id == 0 ? -1 : parents_[static_cast<std::size_t>(id)].node;
  }
  [[nodiscard]] std::string_view local_name(std::int32_t id) const { return edge_to(id).local_name; }

  // True for a node that a rename made, to hold what it puts there.
  [[nodiscard]] bool is_new(std::int32_t id) const { return original_ != nullptr && !has_origin(id); }
  // True where the program asked for the same saved value once more.
  [[nodiscard]] bool is_copy(std::int32_t id) const noexcept {
    return is_made_up_ || (original_ != nullptr && static_cast<std::size_t>(id) >= original_->size());
  }
  // True for the state that an optimizer of TensorFlow 1 or Keras 2 keeps for a variable, and nobody else holds.
  [[nodiscard]] bool is_slot_variable(std::int32_t id) const {
    return has_origin(id) ? original_->is_slot_variable(origins_[static_cast<std::size_t>(id)])
                          : !reached(id) && slots_.contains(id);
  }

 protected:
  // Which of the first parent's children the node is.
  [[nodiscard]] std::size_t child_number(std::int32_t id) const {
    const Parent& parent = parents_[static_cast<std::size_t>(id)];
    return parent.edge - flat_.first_child(parent.node);
  }

 private:
  [[nodiscard]] bool has_origin(std::int32_t id) const {
    return original_ != nullptr && origins_[static_cast<std::size_t>(id)] >= 0;
  }
  [[nodiscard]] std::string path_here(std::int32_t id) const {
    if (!reached(id)) {
      if (const SlotOf* const slot = slots_.find(id)) return path_of_slot(*slot);
      const auto attributes = flat_[id].attributes;
      return attributes.empty() ? "(node " + std::to_string(id) + ")" : std::string(attributes[0].checkpoint_key);
    }
    ShownPath path;
    for (std::int32_t at = id; at != 0 && !path.is_full(); at = parent(at)) path.prepend(edge_to(at).local_name);
    return std::move(path).text();
  }

  struct Parent {
    std::int32_t node = -1;
    std::size_t edge = 0;  // of flat_.children()
  };
  struct SlotOf {
    std::int32_t optimizer;
    core::detail::FlatGraph::SlotVariable reference;
  };

  [[nodiscard]] bool reached(std::int32_t id) const { return id == 0 || parent(id) >= 0; }
  [[nodiscard]] const core::detail::FlatGraph::Child& edge_to(std::int32_t id) const {
    return flat_.children()[parents_[static_cast<std::size_t>(id)].edge];
  }

  [[nodiscard]] std::string path_of_slot(const SlotOf& slot) const {
    // A hostile graph may say that a slot variable's variable is a slot variable again.
    const auto from_root = [&](std::int32_t node) {
      const std::string below = reached(node) ? path(node) : "(node " + std::to_string(node) + ")";
      return below.empty() ? std::string("(root)") : "(root)." + below;
    };
    ShownPath name;
    name.prepend(slot.reference.slot_name);
    return from_root(slot.optimizer) + "'s state '" + std::move(name).text() + "' for " +
           from_root(slot.reference.original_variable_node_id);
  }

  // Each node's first parent, breadth first from the root.
  void find_parents() {
    parents_.resize(size());
    core::detail::Vec<std::int32_t> queue{0};
    queue.reserve(size());
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const std::int32_t node = queue[next];
      for (std::size_t edge = flat_.first_child(node); edge < flat_.first_child(node + 1); ++edge) {
        const std::int32_t child = flat_.children()[edge].node_id;
        if (reached(child)) continue;
        parents_[static_cast<std::size_t>(child)] = {node, edge};
        queue.push_back(child);
      }
    }
    flat_.for_each_slot_variable([&](std::int32_t optimizer, const core::detail::FlatGraph::SlotVariable& slot) {
      if (!reached(slot.slot_variable_node_id)) slots_.insert(slot.slot_variable_node_id, {optimizer, slot});
    });
  }

  core::detail::FlatGraph flat_;
  core::detail::Vec<Parent> parents_;
  core::detail::HashMap<std::int32_t, SlotOf> slots_;  // by the slot variable's node
  core::detail::Own<const NodeTable> original_;
  core::detail::Vec<std::int32_t> origins_;
  bool is_made_up_ = false;
};

}  // namespace cairn::graph::detail
