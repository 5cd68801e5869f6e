// What a value is called: its key, or its path in the object graph, with dots or with slashes.
//
//   "model/a.Sb/kernel/.ATTRIBUTES/VARIABLE_VALUE"     the key
//   "model.a/b.kernel"                                 dots between the names as they are
//   "model/a.Sb/kernel"                                slashes between the names as keys spell them
#pragma once

#include "../core/error.hpp"
#include "../core/hash_index.hpp"
#include "../core/object_graph.hpp"
#include "../graph/keys.hpp"
#include "../graph/nearest.hpp"
#include "../graph/rename.hpp"
#include "../graph/renamed_graph.hpp"
#include "../graph/saved_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cairn::detail {

inline constexpr std::string_view attributes_separator = "/.ATTRIBUTES/";

[[nodiscard]] inline bool is_pattern(std::string_view name) noexcept { return name.find('*') != name.npos; }
// A key, or a pattern of keys, of an object-based checkpoint.
[[nodiscard]] inline bool is_full_key(std::string_view name) noexcept {
  return name.find(attributes_separator) != name.npos;
}

// nullopt for what escape_local_name never gives.
[[nodiscard]] inline std::optional<std::string> unescape_local_name(std::string_view escaped) {
  std::string name;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '.') {
      name += escaped[i];
      continue;
    }
    if (++i == escaped.size() || (escaped[i] != '.' && escaped[i] != 'S')) return std::nullopt;
    name += escaped[i] == '.' ? '.' : '/';
  }
  return name;
}

// The names of a path with slashes; nullopt when one is not spelled as in a key.
[[nodiscard]] inline std::optional<std::vector<std::string>> names_of_key_path(std::string_view path) {
  std::vector<std::string> names;
  for (;;) {
    const std::size_t slash = path.find('/');
    auto name = unescape_local_name(path.substr(0, slash));
    if (!name) return std::nullopt;
    names.push_back(std::move(*name));
    if (slash == path.npos) return names;
    path.remove_prefix(slash + 1);
  }
}

// Children by name. Of children with equal names the last one counts, as in TensorFlow. Refers to the graph's names;
// of nodes with many they are collected when they are first asked for.
class ChildrenByName {
 public:
  explicit ChildrenByName(const TrackableObjectGraph& graph) : graph_(graph) {}

  [[nodiscard]] std::optional<SavedEdge> find(std::int32_t parent, std::string_view name) {
    const auto& children = graph_.nodes[static_cast<std::size_t>(parent)].children;
    if (children.size() <= few) {
      for (std::size_t i = children.size(); i-- > 0;)
        if (children[i].local_name == name) return SavedEdge{parent, i};
      return std::nullopt;
    }
    const auto [place, is_new] = names_.try_emplace(parent);
    const auto is_called = [&](std::string_view wanted) {
      return [&, wanted](std::size_t i) { return children[i].local_name == wanted; };
    };
    if (is_new)
      for (std::size_t i = children.size(); i-- > 0;)
        place->second.insert(hash(children[i].local_name), i, is_called(children[i].local_name));
    const std::size_t found = place->second.find(hash(name), is_called(name));
    if (found == HashIndex::none) return std::nullopt;
    return SavedEdge{parent, found};
  }
  [[nodiscard]] std::int32_t node(const SavedEdge& edge) const {
    return graph_.nodes[static_cast<std::size_t>(edge.parent)].children[edge.child].node_id;
  }

  // The last edge of a path of names from the root.
  template <class Names>
  [[nodiscard]] std::optional<SavedEdge> find(const Names& names) {
    std::optional<SavedEdge> edge;
    std::int32_t at = 0;
    for (const auto& name : names) {
      edge = find(at, name);
      if (!edge) return std::nullopt;
      at = node(*edge);
    }
    return edge;
  }

 private:
  static constexpr std::size_t few = 8;
  [[nodiscard]] static std::size_t hash(std::string_view name) noexcept { return std::hash<std::string_view>{}(name); }

  const TrackableObjectGraph& graph_;
  std::unordered_map<std::int32_t, HashIndex> names_;
};

// The last edge of a path, with dots or with slashes.
[[nodiscard]] inline std::optional<SavedEdge> find_edge(const SavedGraph& graph, std::string_view path) {
  if (const auto edge = find_path(graph, path)) return edge;
  if (path.find('/') == path.npos) return std::nullopt;
  const auto names = names_of_key_path(path);
  if (!names) return std::nullopt;
  return ChildrenByName(graph.message()).find(*names);
}

// How a pattern's paths are spelled.
enum class Spelling { dots, slashes };
[[nodiscard]] inline Spelling spelling_of(std::string_view pattern) noexcept {
  return pattern.find('/') == pattern.npos ? Spelling::dots : Spelling::slashes;
}

// The node's first path. nullopt for nodes that no one holds, and for too long a path (renamed_graph.hpp).
[[nodiscard]] inline std::optional<std::string> first_path(const SavedGraph& graph, std::int32_t id,
                                                           Spelling spelling) {
  if (spelling == Spelling::dots) return full_path(graph, id);
  std::vector<const std::string*> names;
  std::size_t bytes = 0;
  for (; id != 0; id = graph.parent(id)) {
    if (graph.parent(id) < 0) return std::nullopt;
    names.push_back(&graph.local_name(id));
    if ((bytes += names.back()->size() + 1) > max_renamed_path_bytes) return std::nullopt;
  }
  std::string path;
  for (auto name = names.rbegin(); name != names.rend(); ++name)
    (path += path.empty() ? "" : "/") += escape_local_name(**name);
  return path;
}
// The path of a child below a node of that path.
[[nodiscard]] inline std::string path_below(const std::string& parent, std::string_view name, Spelling spelling) {
  std::string path = parent;
  if (!path.empty()) path += spelling == Spelling::dots ? '.' : '/';
  return path += spelling == Spelling::dots ? std::string(name) : escape_local_name(name);
}

// An edge that a pattern fits, and its path.
struct FittingEdge {
  SavedEdge edge;
  std::string path;
};
// An optimizer's slot variable that a pattern fits: "optimizer.m.model.kernel".
struct FittingSlot {
  std::int32_t optimizer = 0;
  std::size_t index = 0;
};
struct Fitting {
  std::vector<FittingEdge> edges;
  std::vector<FittingSlot> slots;

  [[nodiscard]] bool empty() const noexcept { return edges.empty() && slots.empty(); }
};

// What a path (exact), or a pattern, means: edges that do not lie below each other. The path of an edge is the first
// path of its parent with its name. A pattern leaves the edges back to the root alone.
[[nodiscard]] inline Fitting find_fitting(const SavedGraph& graph, std::string_view pattern, Spelling spelling) {
  Fitting fitting;
  if (!is_pattern(pattern)) {
    if (const auto edge = find_edge(graph, pattern)) fitting.edges.push_back({*edge, std::string(pattern)});
    return fitting;
  }
  std::vector<std::int32_t> queue{0};
  std::vector<bool> seen(graph.size()), is_below(graph.size());  // below an edge that fits, by its first path
  seen[0] = true;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const std::int32_t id = queue[next];
    const TrackableObject& node = graph[id];
    const bool below = is_below[static_cast<std::size_t>(id)];
    const auto path = below ? std::nullopt : first_path(graph, id, spelling);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const std::int32_t child = node.children[i].node_id;
      bool fits = false;
      if (path && child != 0) {
        std::string edge_path = path_below(*path, node.children[i].local_name, spelling);
        fits = match_pattern(pattern, edge_path).has_value();
        if (fits) fitting.edges.push_back({{id, i}, std::move(edge_path)});
      }
      if (seen[static_cast<std::size_t>(child)]) continue;
      seen[static_cast<std::size_t>(child)] = true;
      is_below[static_cast<std::size_t>(child)] = below || fits;
      queue.push_back(child);
    }
    for (std::size_t i = 0; path && i < node.slot_variables.size(); ++i) {
      const SlotVariableReference& slot = node.slot_variables[i];
      const auto variable = first_path(graph, slot.original_variable_node_id, spelling);
      const std::string in_optimizer = path_below(*path, slot.slot_name, spelling);
      if (variable && match_pattern(pattern, in_optimizer + (spelling == Spelling::dots ? "." : "/") + *variable))
        fitting.slots.push_back({id, i});
    }
  }
  return fitting;
}
[[nodiscard]] inline Fitting find_fitting(const SavedGraph& graph, std::string_view pattern) {
  return find_fitting(graph, pattern, spelling_of(pattern));
}

// The attribute that a node's path means: its variable's value, or the only one. Null when there is none.
[[nodiscard]] inline const SerializedTensor* main_attribute(const TrackableObject& node) {
  for (const SerializedTensor& attribute : node.attributes)
    if (attribute.name == variable_value) return &attribute;
  return node.attributes.size() == 1 ? &node.attributes[0] : nullptr;
}

// The key that a path means; nullopt when it leads to no one value.
[[nodiscard]] inline std::optional<std::string> key_of_path(const SavedGraph& graph, std::string_view path) {
  const auto edge = find_edge(graph, path);
  if (!edge) return std::nullopt;
  const SerializedTensor* const attribute = main_attribute(graph[graph[edge->parent].children[edge->child].node_id]);
  if (attribute == nullptr) return std::nullopt;
  return attribute->checkpoint_key;
}

// "; the nearest is ...": what to say of a name that the checkpoint does not have. `keys` holds pairs of key and
// anything; `graph` may be null.
template <class Keys>
[[nodiscard]] std::string nearest_name(const Keys& keys, const SavedGraph* graph, std::string_view wrong) {
  if (wrong.ends_with(".*") || wrong.ends_with("/*")) wrong.remove_suffix(2);
  Nearest search{.wrong = wrong};
  std::string nearest;
  for (std::size_t id = 0; graph != nullptr && id < graph->size(); ++id) {
    const auto parent = full_path(*graph, static_cast<std::int32_t>(id));
    if (!parent) continue;
    for (const ObjectReference& child : (*graph)[static_cast<std::int32_t>(id)].children)
      if (auto path = path_below(*parent, child.local_name, Spelling::dots); search.offer(path))
        nearest = std::move(path);
  }
  for (const auto& item : keys)
    if (search.offer(item.first)) nearest = item.first;
  return nearest.empty() ? "; it holds nothing" : "; the nearest name in it is \"" + nearest + "\"";
}

}  // namespace cairn::detail
