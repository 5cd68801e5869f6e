// CheckpointView: the object graph of a checkpoint, and how it fits a program, as tf.train.CheckpointView shows it.
//
//   const cairn::CheckpointView view{"training/ckpt-3"};
//   for (const auto& [name, node] : view.children(0)) std::cout << name << " is node " << node << '\n';
//   for (const std::int32_t node : view.diff(training).only_in_checkpoint) std::cout << view.path(node) << '\n';
#pragma once

#include "../core/detail/vec.hpp"
#include "../core/error.hpp"
#include "../core/object_graph.hpp"
#include "../core/path_argument.hpp"
#include "../graph/detail/graph_walks.hpp"
#include "checkpoint_reader.hpp"
#include "trackable_view.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// The result of CheckpointView::diff.
struct CheckpointViewDiff {
  // The object for each node that fits one, as match() returns them.
  std::map<std::int32_t, TrackedObject> matched;
  std::vector<std::int32_t> only_in_checkpoint;  // the nodes that fit no object, breadth first
  std::vector<TrackedObject> only_in_program;    // the objects that fit no node, breadth first
};

namespace edit::detail {

// Matches nodes with objects by names, breadth first, and returns the number of the object for each node. The first
// object that a node fits counts, as in TensorFlow; dtypes and shapes are not compared. Other names of a member
// (reflect/members.hpp) count as in a restore.
[[nodiscard]] inline std::map<std::int32_t, std::size_t> match_objects(const ObjectGraph& saved,
                                                                       const LiveObjects& live) {
  std::map<std::int32_t, std::size_t> matched{{0, 0}};
  std::vector<bool> visited(saved.size());
  std::deque<std::pair<std::int32_t, std::size_t>> to_visit{{0, 0}};
  while (!to_visit.empty()) {
    const auto [node, object] = to_visit.front();
    to_visit.pop_front();
    NamedNodes<std::int32_t> children;
    for (const ObjectReference child : saved[node].children) children.set(child.local_name, child.node_id);
    std::unordered_map<std::string_view, std::size_t> live_children;
    for (const auto& edge : live.nodes[object].children) {
      std::string_view name = edge.name;
      if (!children.contains(edge.name))
        for (const std::string& other : edge.other_names)
          if (children.contains(other)) {
            name = other;
            break;
          }
      live_children.insert_or_assign(name, edge.node);
    }
    for (const auto& [name, child] : children) {
      if (child == 0 || visited[static_cast<std::size_t>(child)]) continue;
      const auto found = live_children.find(name);
      if (found == live_children.end()) continue;
      if (matched.emplace(child, found->second).second) to_visit.emplace_back(child, found->second);
    }
    visited[static_cast<std::size_t>(node)] = true;
  }
  return matched;
}

}  // namespace edit::detail

// The object graph of one checkpoint. Node 0 is the root; the other nodes are numbered as in the file. All members may
// be called by several threads at the same time.
class CheckpointView {
 public:
  // Reads the object graph of a checkpoint. `path` is a checkpoint's, that of a directory (its latest), or a
  // SavedModel's. Throws Error with ErrorCode::not_found when there is no checkpoint; ErrorCode::invalid_argument for a
  // checkpoint of TensorFlow 1, which has no object graph; ErrorCode::data_loss for a damaged one;
  // ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with another format than TensorFlow's.
  explicit CheckpointView(const PathArgument& path, io::FileSystem& files = io::native()) {
    const bundle::Reader reader(bundle::find_checkpoint(path, files), files);
    graph_ = edit::detail::read_saved_graph(reader);
    if (graph_ == nullptr)
      throw Error(ErrorCode::invalid_argument,
                  "the checkpoint \"" + reader.prefix() +
                      "\" has no object graph to look at: it is name-based, as tf.compat.v1.train.Saver writes them; "
                      "its tensors are read by name")
          .in_file(bundle::index_path(reader.prefix()))
          .at_key(std::string(bundle::object_graph_key));
  }

  // Returns the children of a node by name, in the order of the file. Throws Error with ErrorCode::out_of_range for a
  // node that does not exist.
  [[nodiscard]] NamedNodes<std::int32_t> children(std::int32_t node) const {
    NamedNodes<std::int32_t> children;
    for (const ObjectReference child : at(node).children) children.set(child.local_name, child.node_id);
    return children;
  }

  // Returns the root and all nodes that it holds, breadth first, each once. Slot variables are not listed, because no
  // node holds them.
  [[nodiscard]] std::vector<std::int32_t> descendants() const {
    const core::detail::Vec<std::int32_t> nodes = graph::detail::reachable(*graph_);
    return {nodes.begin(), nodes.end()};
  }

  // Returns the object of the program that each node fits, by names from the root; the root always fits. A node that
  // two objects fit gets the first of them. Types and shapes are not compared; a restore compares them. Nothing is
  // restored. The result refers to the program's objects.
  template <class T>
    requires(!std::is_same_v<std::remove_const_t<T>, TrackableView>)
  [[nodiscard]] std::map<std::int32_t, TrackedObject> match(T& object) const {
    return match(TrackableView(object));
  }
  [[nodiscard]] std::map<std::int32_t, TrackedObject> match(const TrackableView& view) const {
    std::map<std::int32_t, TrackedObject> matched;
    for (const auto& [node, live] : edit::detail::match_objects(*graph_, view.live()))
      matched.emplace_hint(matched.end(), node, view.live().tracked(live));
    return matched;
  }

  // Matches as match() does, and also lists what is left over on either side.
  template <class T>
    requires(!std::is_same_v<std::remove_const_t<T>, TrackableView>)
  [[nodiscard]] CheckpointViewDiff diff(T& object) const {
    return diff(TrackableView(object));
  }
  [[nodiscard]] CheckpointViewDiff diff(const TrackableView& view) const {
    CheckpointViewDiff diff;
    std::set<std::size_t> found;
    for (const auto& [node, live] : edit::detail::match_objects(*graph_, view.live())) {
      diff.matched.emplace_hint(diff.matched.end(), node, view.live().tracked(live));
      found.insert(live);
    }
    for (const std::int32_t node : descendants())
      if (!diff.matched.contains(node)) diff.only_in_checkpoint.push_back(node);
    for (std::size_t live = 0; live < view.live().nodes.size(); ++live)
      if (!found.contains(live)) diff.only_in_program.push_back(view.live().tracked(live));
    return diff;
  }

  // Returns the path of a node, with dots, as LoadStatus shows it. Throws Error with ErrorCode::out_of_range for a node
  // that does not exist.
  [[nodiscard]] std::string path(std::int32_t node) const {
    static_cast<void>(at(node));
    return graph_->path(node);
  }
  // Returns the decoded object graph. Its node ids were checked: each is that of a node.
  [[nodiscard]] const ObjectGraph& object_graph() const noexcept { return *graph_; }

 private:
  [[nodiscard]] ObjectGraph::Node at(std::int32_t node) const {
    if (node < 0 || static_cast<std::size_t>(node) >= graph_->size())
      throw Error(ErrorCode::out_of_range, "there is no node " + std::to_string(node) +
                                               "; the object graph has nodes 0 to " +
                                               std::to_string(graph_->size() - 1))
          .expecting("a node below " + std::to_string(graph_->size()), std::to_string(node));
    return (*graph_)[node];
  }

  std::shared_ptr<const ObjectGraph> graph_;
};

}  // namespace CAIRN_NAMESPACE
