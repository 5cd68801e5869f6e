// The names of a checkpoint's values in files of other formats, and the object graph for a file's names.
//
//   model/encoder/kernel/.ATTRIBUTES/VARIABLE_VALUE     the key
//   model.encoder.kernel                                the path, which is a key's name elsewhere
//
// A value that several objects hold is named by its first path through an object that has a name for it, not a number
// in a list: Keras' optimizers list the weights of a model. A value that no path leads to alone keeps its key: several
// attributes of one object, slot variables, names with dots or slashes.
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../../edit/detail/edited_graph.hpp"
#include "../../edit/detail/value_names.hpp"
#include "../../graph/detail/graph_paths.hpp"
#include "../../graph/detail/graph_walks.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

[[nodiscard]] inline bool is_list_index(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A value's key in an object graph, which must outlive it, and the name that its path gives.
struct NamedKey {
  std::string_view key;
  std::string name;
};

// Returns the names of the values that a path leads to, sorted by key.
[[nodiscard]] inline std::vector<NamedKey> names_by_key(const ObjectGraph& graph) {
  // The first parent that has a name for the node.
  struct NamedEdge {
    std::int32_t parent = -1;
    std::string_view name;
  };
  std::vector<NamedEdge> named(graph.size());
  const core::detail::Vec<std::int32_t> order = graph::detail::reachable(graph);
  for (const std::int32_t id : order)
    for (const ObjectReference child : graph[id].children) {
      NamedEdge& edge = named[static_cast<std::size_t>(child.node_id)];
      if (edge.parent < 0 && !is_list_index(child.local_name)) edge = {id, child.local_name};
    }
  std::vector<NamedKey> names;
  names.reserve(order.size());  // `taken` has views of them
  std::unordered_set<std::string_view> known, taken;
  for (const std::int32_t id : order) {
    const ObjectGraph::Node node = graph[id];
    const std::size_t main = edit::detail::main_attribute(node);
    if (main == node.attributes.size() || id == 0) continue;
    const std::string_view key = node.attributes[main].checkpoint_key;
    const NamedEdge& edge = named[static_cast<std::size_t>(id)];
    const std::int32_t parent = edge.parent >= 0 ? edge.parent : graph.parent(id);
    const std::string_view name = edge.parent >= 0 ? edge.name : graph.local_name(id);
    const auto parent_path = edit::detail::first_path(graph, parent, edit::detail::Spelling::slashes);
    if (!parent_path || name.empty()) continue;
    std::string path = edit::detail::path_below(*parent_path, name, edit::detail::Spelling::slashes);
    if (path.size() > graph::detail::max_renamed_path_bytes || path.find('.') != path.npos || path.starts_with('/') ||
        path.find("//") != path.npos)
      continue;
    std::replace(path.begin(), path.end(), '/', '.');
    if (known.contains(key) || taken.contains(path)) continue;
    names.push_back({key, std::move(path)});
    known.insert(key);
    taken.insert(names.back().name);
  }
  std::ranges::sort(names, {}, &NamedKey::key);
  return names;
}

// The place of a value that no graph describes, as its name says it.
struct ForeignName {
  std::vector<std::string> names;  // from the root to the object, or to the variable that has a slot
  std::vector<std::string> optimizer = {};
  // The name of an optimizer's slot variable; empty for other values.
  std::string slot = {};
  std::string attribute = std::string(core::detail::variable_value);
  // The attribute's key, where that is only the beginning of the value's key; empty where it follows from the path.
  std::string key = {};
};

// Reads a name as a key in the spelling of keys, else as names between slashes, else as names between dots:
//
//   "model/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE"   the slot "m" of `optimizer` for a variable
//   "vocabulary/.ATTRIBUTES/-keys"                                          one of a lookup table's two values
//
// Throws Error with ErrorCode::invalid_argument for a name that is no path.
[[nodiscard]] inline ForeignName foreign_name(std::string_view name) {
  ForeignName foreign;
  bool is_path = true;
  const auto names_of = [&](std::string_view path) {
    auto names = edit::detail::names_of_key_path(path);
    is_path = is_path && names.has_value();
    return names ? std::move(*names) : std::vector<std::string>();
  };
  if (const std::size_t end = name.find(edit::detail::attributes_separator); end != name.npos) {
    const std::string_view path = name.substr(0, end);
    const std::size_t slot = path.find(edit::detail::KeyPrefixes::slot_separator);
    if (slot != path.npos) {
      foreign.optimizer = names_of(path.substr(slot + edit::detail::KeyPrefixes::slot_separator.size()));
      if (!foreign.optimizer.empty()) {
        foreign.slot = std::move(foreign.optimizer.back());
        foreign.optimizer.pop_back();
      }
      is_path = is_path && !foreign.slot.empty();
    }
    if (end != 0) foreign.names = names_of(path.substr(0, slot));  // the root itself may have values
    std::string_view attribute = name.substr(end + edit::detail::attributes_separator.size());
    for (const std::string_view part : {"-keys", "-values"})
      if (attribute.ends_with(part)) {
        attribute.remove_suffix(part.size());
        foreign.key = name.substr(0, name.size() - part.size());
      }
    foreign.attribute = core::detail::unescape_local_name(attribute).value_or("");
    if (attribute.empty() && !foreign.key.empty()) foreign.attribute = ".TENSORS";  // TensorFlow's SERIALIZE_TO_TENSORS
  } else {
    const char separator = name.find('/') != name.npos ? '/' : '.';
    for (std::string_view rest = name;; rest.remove_prefix(rest.find(separator) + 1)) {
      foreign.names.emplace_back(rest.substr(0, rest.find(separator)));
      if (rest.find(separator) == rest.npos) break;
    }
  }
  for (const auto* const names : {&foreign.names, &foreign.optimizer})
    is_path = is_path && std::find(names->begin(), names->end(), "") == names->end();
  if (!is_path || foreign.attribute.empty())
    throw Error(
        ErrorCode::invalid_argument,
        "the name \"" + std::string(name) +
            "\" is no path for a value of a checkpoint: it should be names with one dot or slash between two of "
            "them; rename the tensor, or take the names for the keys of a name-based checkpoint")
        .at_key(std::string(name));
  return foreign;
}

// Returns the node that these names lead to; missing nodes are made.
[[nodiscard]] inline std::int32_t make_path(edit::detail::GraphEdit& edit, const std::vector<std::string>& names) {
  std::int32_t at = 0;
  for (const std::string& name : names) at = edit.child_or_new(at, name);
  return at;
}
// Returns the node of the slot variable that an optimizer has for a variable; it is made if it is missing.
[[nodiscard]] inline std::int32_t make_slot(edit::detail::GraphEdit& edit, std::int32_t optimizer,
                                            std::int32_t variable, const std::string& name) {
  for (const SlotVariableReference slot : edit.graph()[optimizer].slot_variables)
    if (slot.original_variable_node_id == variable && slot.slot_name == name) return slot.slot_variable_node_id;
  const std::int32_t made = edit.new_node();
  edit.graph().add_slot_variable(
      optimizer, {.original_variable_node_id = variable, .slot_name = name, .slot_variable_node_id = made});
  return made;
}

struct NamedGraph {
  std::shared_ptr<const ObjectGraph> graph;
  std::unordered_map<std::string, std::string> keys;  // the key of each name
};

// Returns the graph with a value for each of these names, and no other: missing ones are made, the others are removed.
// Keys follow the names. Throws Error with ErrorCode::invalid_argument for a name that cannot be a path;
// ErrorCode::already_exists for a name whose place another one has.
[[nodiscard]] inline NamedGraph graph_for_names(std::shared_ptr<const ObjectGraph> graph,
                                                const std::vector<std::string_view>& wanted) {
  NamedGraph result{graph, {}};
  std::unordered_map<std::string_view, std::string_view> key_of;  // names are views into `names`, or keys themselves
  const auto names = names_by_key(*graph);
  std::set<std::string, std::less<>> keys;
  for (std::size_t id = 0; id < graph->size(); ++id)
    for (const SerializedTensor attribute : (*graph)[static_cast<std::int32_t>(id)].attributes)
      keys.emplace(attribute.checkpoint_key);
  for (const auto& [key, name] : names) key_of.emplace(name, key);

  std::vector<std::string_view> added;
  std::set<std::string, std::less<>> used;
  for (const std::string_view name : wanted) {
    if (const auto found = key_of.find(name); found != key_of.end() && !used.contains(found->second)) {
      result.keys.emplace(name, found->second);
      used.emplace(found->second);
      continue;
    }
    // "table" is the attribute of the values "table-keys" and "table-values".
    auto stem = keys.upper_bound(name);
    const bool is_known = stem != keys.begin() && name.starts_with(*--stem) &&
                          stem->find(edit::detail::attributes_separator) != stem->npos;
    if (is_known) {
      result.keys.emplace(name, name);
      used.insert(*stem);
    } else {
      added.push_back(name);
    }
  }
  if (added.empty() && used.size() == keys.size()) return result;

  edit::detail::GraphEdit edit(graph);
  for (std::size_t id = 0; id < edit.size(); ++id)
    edit.erase_attributes(static_cast<std::int32_t>(id),
                          [&](const SerializedTensor& attribute) { return !used.contains(attribute.checkpoint_key); });
  struct Added {
    std::string_view name;
    std::int32_t node;
    std::string attribute;
  };
  std::vector<Added> places;
  for (const std::string_view name : added) {
    ForeignName foreign = foreign_name(name);
    std::int32_t at = make_path(edit, foreign.names);
    if (!foreign.slot.empty()) at = make_slot(edit, make_path(edit, foreign.optimizer), at, foreign.slot);
    bool is_known = false;
    for (const SerializedTensor known : edit.graph()[at].attributes) {
      if (known.name != foreign.attribute) continue;
      is_known = true;
      if (foreign.key.empty() || known.checkpoint_key != foreign.key)
        throw Error(ErrorCode::already_exists, "the tensor \"" + std::string(name) +
                                                   "\" would have the place of another one in the object graph; "
                                                   "rename one of the two")
            .at_key(std::string(name));
    }
    // A tf.compat.v1.train.Saver finds the value by this name.
    std::string full_name;
    if (foreign.attribute == core::detail::variable_value && foreign.slot.empty())
      for (const std::string& each : foreign.names) (full_name += full_name.empty() ? "" : "/") += each;
    if (!is_known) edit.graph().add_attribute(at, {foreign.attribute, full_name, foreign.key});
    if (foreign.key.empty())
      places.push_back({name, at, std::move(foreign.attribute)});
    else
      result.keys.insert_or_assign(std::string(name), std::string(name));
  }
  edit::detail::EditedGraph edited = std::move(edit).finish();
  for (auto& item : result.keys) {
    auto renamed = edited.renamed.upper_bound(item.second);
    if (renamed != edited.renamed.begin() && item.second.starts_with((--renamed)->first))
      item.second.replace(0, renamed->first.size(), renamed->second);
  }
  for (const Added& place : places)
    for (const SerializedTensor each : (*edited.graph)[edited.ids[static_cast<std::size_t>(place.node)]].attributes)
      if (each.name == place.attribute)
        result.keys.insert_or_assign(std::string(place.name), std::string(each.checkpoint_key));
  result.graph = std::move(edited.graph);
  return result;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
