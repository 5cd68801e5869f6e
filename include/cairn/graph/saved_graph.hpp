// The object graph of a file, checked: from here on node ids can be trusted, and every node has a path for messages.
#pragma once

#include "../core/error.hpp"
#include "../core/object_graph.hpp"
#include "shown_path.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cairn::detail {

class SavedGraph {
 public:
  // Throws Error (data_loss) when there is no node, or an id points to none. Cycles and nodes that nobody reaches are
  // legal. A graph that the program made up for its own objects may give a key to several.
  SavedGraph(TrackableObjectGraph graph, const std::string& file, bool is_made_up = false)
      : graph_(std::move(graph)), is_made_up_(is_made_up) {
    const auto count = static_cast<std::int64_t>(graph_.nodes.size());
    const auto require = [&](std::int32_t id) {
      if (id < 0 || id >= count)
        throw Error(ErrorCode::data_loss, "the object graph in " + file + " refers to node " + std::to_string(id) +
                                              ", but has only nodes 0 to " + std::to_string(count - 1) +
                                              "; the file is damaged or was not written by TensorFlow")
            .in_file(file)
            .expecting("a node id below " + std::to_string(count), std::to_string(id));
    };
    if (count == 0) require(0);
    for (const TrackableObject& node : graph_.nodes) {
      for (const ObjectReference& child : node.children) require(child.node_id);
      for (const SlotVariableReference& slot : node.slot_variables) {
        require(slot.original_variable_node_id);
        require(slot.slot_variable_node_id);
      }
    }
    find_parents();
  }

  // A graph made out of another one, which is checked already: `origins` has each node's id there, or -1 for a new one.
  // Paths remain those of the other one.
  SavedGraph(std::shared_ptr<const SavedGraph> original, TrackableObjectGraph changed,
             std::vector<std::int32_t> origins)
      : graph_(std::move(changed)), original_(std::move(original)), origins_(std::move(origins)) {
    find_parents();
  }

  SavedGraph(const SavedGraph&) = delete;  // parents_ points into graph_
  SavedGraph& operator=(const SavedGraph&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return graph_.nodes.size(); }
  [[nodiscard]] const TrackableObject& operator[](std::int32_t id) const {
    return graph_.nodes[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const TrackableObjectGraph& message() const noexcept { return graph_; }

  // The node's path from the root: "model.kernel". Slot variables, which are no one's children, are called
  // "(root).optimizer's state 'm' for (root).kernel", as TensorFlow does; other nodes that nobody reaches by their key,
  // or "(node 7)". Made when asked for: in a deep graph all paths together would be far larger than the file.
  [[nodiscard]] std::string path(std::int32_t id) const {
    if (original_ != nullptr && origins_[static_cast<std::size_t>(id)] >= 0)
      return original_->path(origins_[static_cast<std::size_t>(id)]);
    if (!reached(id)) {
      if (const auto slot = slots_.find(id); slot != slots_.end()) return path_of_slot(slot->second);
      const auto& attributes = (*this)[id].attributes;
      return attributes.empty() ? "(node " + std::to_string(id) + ")" : attributes[0].checkpoint_key;
    }
    ShownPath path;
    for (auto at = static_cast<std::size_t>(id); at != 0 && !path.is_full(); at = parents_[at].node)
      path.prepend(*parents_[at].name);
    return std::move(path).text();
  }

  // The first parent's id and the name it has for the node; -1 for the root and for what nobody reaches.
  [[nodiscard]] std::int32_t parent(std::int32_t id) const {
    return id == 0 || !reached(id) ? -1 : static_cast<std::int32_t>(parents_[static_cast<std::size_t>(id)].node);
  }
  [[nodiscard]] const std::string& local_name(std::int32_t id) const {
    return *parents_[static_cast<std::size_t>(id)].name;
  }
  // True where the program asked for the same saved value once more.
  [[nodiscard]] bool is_copy(std::int32_t id) const noexcept {
    return is_made_up_ || (original_ != nullptr && static_cast<std::size_t>(id) >= original_->size());
  }
  // True for the state that an optimizer of TensorFlow 1 or Keras 2 keeps for a variable, and nobody else holds.
  [[nodiscard]] bool is_slot_variable(std::int32_t id) const {
    return original_ != nullptr && origins_[static_cast<std::size_t>(id)] >= 0
               ? original_->is_slot_variable(origins_[static_cast<std::size_t>(id)])
               : !reached(id) && slots_.contains(id);
  }

 private:
  struct SlotOf {
    std::int32_t optimizer;
    const SlotVariableReference* reference;
  };
  [[nodiscard]] std::string path_of_slot(const SlotOf& slot) const {
    // A hostile graph may say that a slot variable's variable is a slot variable again.
    const auto from_root = [&](std::int32_t node) {
      const std::string below = reached(node) ? path(node) : "(node " + std::to_string(node) + ")";
      return below.empty() ? std::string("(root)") : "(root)." + below;
    };
    ShownPath name;
    name.prepend(slot.reference->slot_name);
    return from_root(slot.optimizer) + "'s state '" + std::move(name).text() + "' for " +
           from_root(slot.reference->original_variable_node_id);
  }

  static constexpr std::size_t no_node = static_cast<std::size_t>(-1);
  struct Parent {
    std::size_t node = no_node;
    const std::string* name = nullptr;
  };

  [[nodiscard]] bool reached(std::int32_t id) const {
    return id == 0 || parents_[static_cast<std::size_t>(id)].node != no_node;
  }

  // Each node's first parent, breadth first from the root.
  void find_parents() {
    parents_.resize(size());
    std::vector<std::size_t> queue{0};
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const ObjectReference& child : graph_.nodes[queue[next]].children) {
        if (reached(child.node_id)) continue;
        parents_[static_cast<std::size_t>(child.node_id)] = {queue[next], &child.local_name};
        queue.push_back(static_cast<std::size_t>(child.node_id));
      }
    }
    for (std::size_t id = 0; id < graph_.nodes.size(); ++id)
      for (const SlotVariableReference& slot : graph_.nodes[id].slot_variables)
        if (!reached(slot.slot_variable_node_id))
          slots_.emplace(slot.slot_variable_node_id, SlotOf{static_cast<std::int32_t>(id), &slot});
  }

  TrackableObjectGraph graph_;
  std::vector<Parent> parents_;
  std::unordered_map<std::int32_t, SlotOf> slots_;  // by the slot variable's node
  std::shared_ptr<const SavedGraph> original_;
  std::vector<std::int32_t> origins_;
  bool is_made_up_ = false;
};

}  // namespace cairn::detail
