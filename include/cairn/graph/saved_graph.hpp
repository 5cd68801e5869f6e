// The object graph of a file, checked: from here on node ids can be trusted, and every node has a path for messages.
#pragma once

#include "../core/error.hpp"
#include "../core/object_graph.hpp"
#include "shown_path.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::detail {

class SavedGraph {
 public:
  // Throws Error (data_loss) when there is no node, or an id points to none. Cycles and nodes that nobody reaches are
  // legal.
  SavedGraph(TrackableObjectGraph graph, const std::string& file) : graph_(std::move(graph)) {
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

  SavedGraph(const SavedGraph&) = delete;  // parents_ points into graph_
  SavedGraph& operator=(const SavedGraph&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return graph_.nodes.size(); }
  [[nodiscard]] const TrackableObject& operator[](std::int32_t id) const {
    return graph_.nodes[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const TrackableObjectGraph& message() const noexcept { return graph_; }

  // The node's path from the root: "model.kernel". Nodes that no child edge reaches (slot variables of TensorFlow 1's
  // optimizers) are called by their key, or "(node 7)". Made when asked for: in a deep graph all paths together would
  // be far larger than the file.
  [[nodiscard]] std::string path(std::int32_t id) const {
    if (!reached(id)) {
      const auto& attributes = (*this)[id].attributes;
      return attributes.empty() ? "(node " + std::to_string(id) + ")" : attributes[0].checkpoint_key;
    }
    ShownPath path;
    for (auto at = static_cast<std::size_t>(id); at != 0 && !path.is_full(); at = parents_[at].node)
      path.prepend(*parents_[at].name);
    return std::move(path).text();
  }

 private:
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
  }

  TrackableObjectGraph graph_;
  std::vector<Parent> parents_;
};

}  // namespace cairn::detail
