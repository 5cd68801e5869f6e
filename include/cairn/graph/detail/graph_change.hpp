// An object graph whose edges are cut and put elsewhere, by names: what a rename, an edit and a conversion change.
#pragma once

#include "../../core/object_graph.hpp"
#include "graph_paths.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

class GraphChange {
 public:
  explicit GraphChange(ObjectGraph graph) : graph_(std::move(graph)) {}

  // Children are added by the functions below only, because these know the names.
  [[nodiscard]] ObjectGraph& graph() noexcept { return graph_; }
  [[nodiscard]] const ObjectGraph& graph() const noexcept { return graph_; }

  // No edge where there is no child of that name.
  [[nodiscard]] SavedEdge find(std::int32_t parent, std::string_view name) { return names_.find(graph_, parent, name); }
  // -1 where there is no child of that name.
  [[nodiscard]] std::int32_t find_child(std::int32_t parent, std::string_view name) {
    const SavedEdge edge = find(parent, name);
    return edge ? child_at(graph_, edge).node_id : -1;
  }
  // The child of that name; a new one without values where there is none.
  [[nodiscard]] std::int32_t child_or_new(std::int32_t parent, std::string_view name) {
    if (const std::int32_t found = find_child(parent, name); found >= 0) return found;
    const std::int32_t made = new_node();
    add_child(parent, name, made);
    return made;
  }
  [[nodiscard]] std::int32_t new_node() {
    const std::int32_t made = graph_.add_node();
    graph_.set_has_checkpoint_values(made, false);
    return made;
  }
  // The parent must not have a child of that name.
  void add_child(std::int32_t parent, std::string_view name, std::int32_t child) {
    graph_.add_child(parent, {child, name});
    names_.note(graph_, {parent, graph_[parent].children.size() - 1});
  }
  // The edge keeps its place in the list, where put() may put something.
  void cut(const SavedEdge& edge) { graph_.set_child(edge.parent, edge.child, -1); }
  void put(const SavedEdge& edge, std::string_view name, std::int32_t child) {
    graph_.set_child(edge.parent, edge.child, child, name);
    names_.note(graph_, edge);
  }

 private:
  ObjectGraph graph_;
  ChildrenByName names_;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
