// What a value is called: its key, or its path in the object graph, with dots or with slashes.
//
//   "model/a.Sb/kernel/.ATTRIBUTES/VARIABLE_VALUE"     the key
//   "model.a/b.kernel"                                 dots between the names as they are
//   "model/a.Sb/kernel"                                slashes between the names as keys spell them
//   "optimizer.m.model.kernel"                         an optimizer's slot variable "m" of a variable
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../../graph/detail/graph_paths.hpp"
#include "../../reflect/detail/nearest.hpp"
#include "graph_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

inline constexpr std::string_view attributes_separator = "/.ATTRIBUTES/";

// The names of a path with slashes; nullopt when one is not spelled as in a key.
[[nodiscard]] inline std::optional<std::vector<std::string>> names_of_key_path(std::string_view path) {
  std::vector<std::string> names;
  for (;;) {
    const std::size_t slash = path.find('/');
    auto name = core::detail::unescape_local_name(path.substr(0, slash));
    if (!name) return std::nullopt;
    names.push_back(std::move(*name));
    if (slash == path.npos) return names;
    path.remove_prefix(slash + 1);
  }
}

// The last edge of a path, with dots or with slashes.
[[nodiscard]] inline graph::detail::SavedEdge find_edge(const ObjectGraph& graph, std::string_view path) {
  if (const auto edge = graph::detail::find_path(graph, path)) return edge;
  const auto names = names_of_key_path(path);
  return names ? graph::detail::ChildrenByName().find(graph, *names) : graph::detail::SavedEdge();
}
// The node that a path leads to, with dots or with slashes; -1 where there is none.
[[nodiscard]] inline std::int32_t find_node(const ObjectGraph& graph, std::string_view path) {
  const auto edge = find_edge(graph, path);
  return edge ? graph::detail::child_at(graph, edge).node_id : -1;
}
[[nodiscard]] inline std::int32_t find_node(const GraphText& graph, std::string_view path) {
  if (const auto edge = graph::detail::find_path(graph, path)) return graph.child(edge.parent, edge.child);
  const auto names = names_of_key_path(path);
  std::int32_t node = names ? 0 : -1;
  for (std::size_t i = 0; node >= 0 && i < names->size(); ++i) node = graph.child(node, (*names)[i]);
  return node;
}

// How a pattern's paths are spelled.
enum class Spelling { dots, slashes };
[[nodiscard]] inline Spelling spelling_of(std::string_view pattern) noexcept {
  return pattern.find('/') == pattern.npos ? Spelling::dots : Spelling::slashes;
}

// The node's first path. nullopt for nodes that no one holds, and for too long a path (graph/detail/graph_paths.hpp).
[[nodiscard]] inline std::optional<std::string> first_path(const ObjectGraph& graph, std::int32_t id,
                                                           Spelling spelling) {
  return graph::detail::full_path(graph, id, spelling == Spelling::dots ? '.' : '/');
}
// The path of a child below a node of that path.
[[nodiscard]] inline std::string path_below(const std::string& parent, std::string_view name, Spelling spelling) {
  std::string path = parent;
  if (!path.empty()) path += spelling == Spelling::dots ? '.' : '/';
  return path += spelling == Spelling::dots ? std::string(name) : core::detail::escape_local_name(name);
}

// An optimizer's slot variable: "optimizer.m.model.kernel", "optimizer/m/model/kernel".
struct FittingSlot {
  std::int32_t optimizer = 0;
  std::size_t index = 0;
  std::string path;
  std::size_t name_begin = 0;  // in the path
  std::int32_t node = 0;       // the slot variable's
};

// The slot variable of that path, with dots or with slashes.
template <class Graph>
[[nodiscard]] std::optional<FittingSlot> find_slot(const Graph& graph, std::string_view path) {
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto optimizer = static_cast<std::int32_t>(id);
    std::size_t index = 0;
    for (const SlotVariableReference slot : graph.slot_variables(optimizer)) {
      for (const Spelling spelling : {Spelling::dots, Spelling::slashes}) {
        const std::string separator(spelling == Spelling::dots ? "." : "/");
        const std::string name = path_below("", slot.slot_name, spelling) + separator;
        for (std::size_t at = path.find(name); at != path.npos; at = path.find(name, at + 1)) {
          if (find_node(graph, path.substr(at + name.size())) != slot.original_variable_node_id) continue;
          if (at == 0 ? optimizer == 0
                      : path[at - 1] == separator[0] && find_node(graph, path.substr(0, at - 1)) == optimizer)
            return FittingSlot{optimizer, index, std::string(path), at, slot.slot_variable_node_id};
        }
      }
      ++index;
    }
  }
  return std::nullopt;
}

// The index of the attribute that a node's path means: its variable's value, or the only one. The number of all
// attributes when there is none.
[[nodiscard]] inline std::size_t main_attribute(const ObjectGraph::Node& node) {
  std::size_t index = 0;
  while (index < node.attributes.size() && node.attributes[index].name != core::detail::variable_value) ++index;
  return node.attributes.size() == 1 ? 0 : index;
}

// The key that a path means; nullopt when it leads to no one value. A graph is an ObjectGraph or a GraphText.
template <class Graph>
[[nodiscard]] std::optional<std::string> key_of_path(const Graph& graph, std::string_view path) {
  std::int32_t id = find_node(graph, path);
  if (id < 0)
    if (const auto slot = find_slot(graph, path)) id = slot->node;
  if (id < 0) return std::nullopt;
  std::optional<std::string> main, first;
  std::size_t count = 0;
  for (const SerializedTensor attribute : graph.attributes(id)) {
    if (count++ == 0) first = attribute.checkpoint_key;
    if (!main && attribute.name == core::detail::variable_value) main = attribute.checkpoint_key;
  }
  return count == 1 ? first : main;
}

// The key that a path means in the object graph of a bundle; nullopt also where there is none. `text` is the graph as soon
// as it was looked at. Throws Error with ErrorCode::data_loss, with the file, for a damaged graph.
[[nodiscard]] inline std::optional<std::string> key_of_path(const bundle::Reader& reader,
                                                            std::shared_ptr<const GraphText>& text,
                                                            std::string_view path) {
  if (!bundle::has_object_graph(reader)) return std::nullopt;
  try {
    if (text == nullptr) text = std::make_shared<const GraphText>(reader);
    return key_of_path(*text, path);
  } catch (Error& error) {
    if (error.file().empty())
      error.in_file(bundle::index_path(reader.prefix())).at_key(std::string(bundle::object_graph_key));
    throw;
  }
}

// What the values of an object are called, its own and those below it, breadth first: by their paths through `name`,
// which leads to the object, where such a path means the value, else by their keys. `keys` are sorted. Little more than
// can be shown are returned.
inline constexpr std::size_t most_shown = 5;
template <class Keys>
[[nodiscard]] std::vector<std::string> names_below(const Keys& keys, const ObjectGraph& graph, std::int32_t object,
                                                   std::string_view name) {
  std::vector<std::string_view> sorted;
  for (const auto& item : keys) sorted.push_back(item.first);
  std::vector<std::string> names;
  std::vector<std::pair<std::int32_t, std::string>> queue{{object, std::string(name)}};  // no path to slot variables
  std::vector<bool> seen(graph.size());
  const auto visit = [&](std::int32_t id, std::string path) {
    if (!seen[static_cast<std::size_t>(id)] && path.size() <= graph::detail::max_renamed_path_bytes)
      queue.emplace_back(id, std::move(path));
    seen[static_cast<std::size_t>(id)] = true;
  };
  seen[static_cast<std::size_t>(object)] = true;
  for (std::size_t next = 0; next < queue.size() && names.size() <= most_shown; ++next) {
    const auto [id, path] = queue[next];
    const ObjectGraph::Node node = graph[id];
    const std::size_t main = main_attribute(node);
    for (std::size_t i = 0; i < node.attributes.size(); ++i) {
      const std::string key(node.attributes[i].checkpoint_key);
      if (std::binary_search(sorted.begin(), sorted.end(), key)) {
        names.push_back(i == main && !path.empty() ? path : key);
        continue;
      }
      for (const char* const separator : {"-", "_"})
        for (auto at = std::lower_bound(sorted.begin(), sorted.end(), key + separator);
             at != sorted.end() && at->starts_with(key + separator) && names.size() <= most_shown; ++at)
          names.emplace_back(*at);
    }
    for (const ObjectReference child : node.children)
      visit(child.node_id, path.empty() ? path : path_below(path, child.local_name, spelling_of(name)));
    for (const SlotVariableReference slot : node.slot_variables) visit(slot.slot_variable_node_id, {});
  }
  return names;
}

// "; it is an object with the value "m.v"": what to say where a value's name is asked for and an object's is given, or
// a scope's of a checkpoint without object graph. Empty for other names. `keys` holds pairs of key and anything,
// sorted; `graph` may be null.
template <class Keys>
[[nodiscard]] std::string values_below(const Keys& keys, const ObjectGraph* graph, std::string_view name) {
  std::vector<std::string> names;
  std::string text = "; it is an object ";
  if (graph != nullptr) {
    const auto edge = find_edge(*graph, name);
    if (!edge) return {};
    names = names_below(keys, *graph, graph::detail::child_at(*graph, edge).node_id, name);
  } else {
    std::string scope(name);
    if (!scope.ends_with('/')) scope += '/';
    for (const auto& item : keys)
      if (names.size() <= most_shown && std::string_view(item.first).starts_with(scope)) names.emplace_back(item.first);
    if (names.empty()) return {};
    text = "; it is a scope ";
  }
  if (names.empty()) return text + "without values";
  text += names.size() == 1 ? "with the value " : "with the values ";
  for (std::size_t i = 0; i < std::min(names.size(), most_shown); ++i)
    text += (i == 0 ? "\"" : ", \"") + names[i] + "\"";
  return text + (names.size() > most_shown ? " and others" : "");
}

// "; the nearest name in it is ...": what to say of a name that the checkpoint does not have. `keys` and `graph` as
// above.
template <class Keys>
[[nodiscard]] std::string nearest_name(const Keys& keys, const ObjectGraph* graph, std::string_view wrong) {
  if (wrong.ends_with(".*") || wrong.ends_with("/*")) wrong.remove_suffix(2);
  reflect::detail::Nearest search{.wrong = wrong};
  std::string nearest;
  for (std::size_t id = 0; graph != nullptr && id < graph->size(); ++id) {
    const auto parent = graph::detail::full_path(*graph, static_cast<std::int32_t>(id));
    if (!parent) continue;
    for (const ObjectReference child : (*graph)[static_cast<std::int32_t>(id)].children)
      if (auto path = path_below(*parent, child.local_name, Spelling::dots); search.offer(path))
        nearest = std::move(path);
  }
  for (const auto& item : keys) {
    if (graph == nullptr)
      reflect::detail::offer_with_scopes(search, item.first, nearest);
    else if (search.offer(item.first))
      nearest = item.first;
  }
  if (keys.empty()) return "; it holds nothing";
  return nearest.empty() ? "; no name in it is near" : "; the nearest name in it is \"" + nearest + "\"";
}

}  // namespace CAIRN_NAMESPACE::edit::detail
