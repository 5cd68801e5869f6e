// The object graph of a file with all that it says, checked: to be edited, shown or written again. A restore that asks
// for nothing of that gets along with a NodeTable.
#pragma once

#include "../../core/detail/flat_graph.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "node_table.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace cairn::graph::detail {

// Before the table, which refers to it.
struct HeldGraph {
  explicit HeldGraph(TrackableObjectGraph graph) noexcept : graph_(std::move(graph)) {}
  TrackableObjectGraph graph_;
};

class SavedGraph : private HeldGraph, public NodeTable {
 public:
  // As NodeTable.
  SavedGraph(TrackableObjectGraph graph, const std::string& file, bool is_made_up = false)
      : HeldGraph(std::move(graph)), NodeTable(core::detail::FlatGraph::of(graph_), file, is_made_up) {}
  SavedGraph(core::detail::Own<const SavedGraph> original, TrackableObjectGraph changed,
             core::detail::Vec<std::int32_t> origins)
      : HeldGraph(std::move(changed)),
        NodeTable(std::move(original), core::detail::FlatGraph::of(graph_), std::move(origins)) {}

  [[nodiscard]] const TrackableObject& operator[](std::int32_t id) const {
    return graph_.nodes[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const TrackableObjectGraph& message() const noexcept { return graph_; }

  [[nodiscard]] const std::string& local_name(std::int32_t id) const {
    return (*this)[parent(id)].children[child_number(id)].local_name;
  }
};

}  // namespace cairn::graph::detail
