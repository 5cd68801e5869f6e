// Paths of names in an object graph whose ids are right (ObjectGraph::require_ids): what one leads to, and what leads to
// a node. Names come from files, and may hold dots and slashes.
#pragma once

#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/keys.hpp"
#include "../../core/detail/maps.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "../../reflect/detail/nearest.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// An edge of the graph: the child'th child of a node.
struct SavedEdge {
  std::int32_t parent = -1;  // where there is no edge
  std::size_t child = 0;

  explicit operator bool() const noexcept { return parent >= 0; }
};
[[nodiscard]] inline ObjectReference child_at(const ObjectGraph& graph, const SavedEdge& edge) {
  return graph.children(edge.parent)[edge.child];
}

// Children by name, of one graph. Of children with equal names the last one counts, as in TensorFlow. The names of a
// node with many children are collected when they are first asked for; after that, note() tells of others.
class ChildrenByName {
 public:
  // No edge where there is no child of that name. An edge to -1, which somebody has cut, is none.
  [[nodiscard]] SavedEdge find(const ObjectGraph& graph, std::int32_t parent, std::string_view name) {
    const auto children = graph.children(parent);
    core::detail::HashIndex* known = names_.find(parent);
    if (known == nullptr && children.size() > few) {
      known = &names_[parent];
      for (std::size_t i = children.size(); i-- > 0;) note(*known, children, i);
    }
    std::size_t found = core::detail::HashIndex::none;
    if (known != nullptr) {
      found = known->find(core::detail::hash_of(name), [&](std::size_t i) { return is_called(children[i], name); });
    } else {
      for (std::size_t i = children.size(); found == core::detail::HashIndex::none && i-- > 0;)
        if (is_called(children[i], name)) found = i;
    }
    return found == core::detail::HashIndex::none ? SavedEdge() : SavedEdge{parent, found};
  }
  // The last edge of a path of names from the root.
  template <class Names>
  [[nodiscard]] SavedEdge find(const ObjectGraph& graph, const Names& names) {
    SavedEdge edge;
    std::int32_t at = 0;
    for (const auto& name : names) {
      edge = find(graph, at, name);
      if (!edge) break;
      at = child_at(graph, edge).node_id;
    }
    return edge;
  }
  // Says that an edge has got its name now.
  void note(const ObjectGraph& graph, const SavedEdge& edge) {
    if (core::detail::HashIndex* const known = names_.find(edge.parent))
      note(*known, graph.children(edge.parent), edge.child);
  }

 private:
  static constexpr std::size_t few = 8;

  [[nodiscard]] static bool is_called(const ObjectReference& child, std::string_view name) noexcept {
    return child.node_id >= 0 && child.local_name == name;
  }
  static void note(core::detail::HashIndex& names, const ObjectGraph::Part<ObjectReference>& children,
                   std::size_t child) {
    const ObjectReference noted = children[child];
    if (noted.node_id < 0) return;
    names.insert(core::detail::hash_of(noted.local_name), child,
                 [&](std::size_t i) { return is_called(children[i], noted.local_name); });
  }

  core::detail::HashMap<std::int32_t, core::detail::HashIndex> names_;  // by node
};

// The last edge of a path of names; no edge where there is no such path. Names may contain dots themselves, so each dot
// is tried as both. A graph is an ObjectGraph, or what has children() as it has.
template <class Graph>
[[nodiscard]] SavedEdge find_path(const Graph& graph, std::string_view path) {
  struct Step {
    std::int32_t node;
    std::size_t begin;
  };
  core::detail::Vec<Step> open{{0, 0}};
  core::detail::HashMap<std::uint64_t, bool> seen;
  while (!open.empty()) {
    const Step at = open.back();
    open.pop_back();
    if (!seen.insert((static_cast<std::uint64_t>(at.begin) << 32) | static_cast<std::uint32_t>(at.node), true))
      continue;
    const std::string_view rest = path.substr(at.begin);
    std::size_t index = 0;
    for (const ObjectReference child : graph.children(at.node)) {
      const std::string_view name = child.local_name;
      if (rest.starts_with(name)) {
        if (rest.size() == name.size()) return {at.node, index};
        if (rest[name.size()] == '.') open.push_back({child.node_id, at.begin + name.size() + 1});
      }
      ++index;
    }
  }
  return {};
}

// Nodes with longer paths are not renamed by themselves, only with what holds them: paths of all nodes of a hostile
// graph would take far more time than the file has bytes.
inline constexpr std::size_t max_renamed_path_bytes = 1000;

// The node's first path, with that separator between its names, which are escaped as in keys where it is '/'. nullopt
// for nodes that no one holds and for a path of more bytes.
[[nodiscard]] inline std::optional<std::string> full_path(const ObjectGraph& graph, std::int32_t id,
                                                          char separator = '.',
                                                          std::size_t most_bytes = max_renamed_path_bytes) {
  core::detail::Vec<std::string_view> names;
  std::size_t bytes = 0;
  for (; id != 0; id = graph.parent(id)) {
    if (graph.parent(id) < 0) return std::nullopt;
    names.push_back(graph.local_name(id));
    if ((bytes += names.back().size() + 1) > most_bytes) return std::nullopt;
  }
  std::string path;
  path.reserve(bytes);
  for (std::size_t i = names.size(); i-- > 0;) {
    if (i + 1 != names.size() && (separator == '/' || !path.empty())) path += separator;
    if (separator == '/')
      path += core::detail::escape_local_name(names[i]);
    else
      path += names[i];
  }
  return path;
}

// "the nearest path is ...": what to say of a path that the checkpoint does not have.
[[nodiscard]] inline std::string nearest_saved_path(const ObjectGraph& graph, std::string_view wrong) {
  if (wrong.ends_with(".*")) wrong.remove_suffix(2);
  reflect::detail::Nearest search{.wrong = wrong};
  std::string nearest;
  for (std::size_t id = 1; id < graph.size(); ++id)
    if (auto path = full_path(graph, static_cast<std::int32_t>(id)); path && search.offer(*path))
      nearest = std::move(*path);
  if (graph.size() <= 1) return "the checkpoint holds nothing";
  return nearest.empty() ? "no path in the checkpoint is near it"
                         : "the nearest path in the checkpoint is \"" + nearest + "\"";
}

}  // namespace CAIRN_NAMESPACE::graph::detail
