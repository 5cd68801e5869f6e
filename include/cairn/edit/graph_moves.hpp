// Edits of an object graph by names: taking parts away, giving them other names, making room for new values.
#pragma once

#include "../core/error.hpp"
#include "../graph/keys.hpp"
#include "../graph/rename.hpp"
#include "../graph/saved_graph.hpp"
#include "edited_graph.hpp"
#include "value_names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::detail {

// Cuts what a path or pattern fits. What something else holds as well stays there.
[[nodiscard]] inline EditedGraph without(std::shared_ptr<const SavedGraph> graph, const Fitting& fitting) {
  GraphEdit edit(std::move(graph));
  for (const FittingEdge& fits : fitting.edges) edit.cut(fits.edge);
  for (const FittingSlot& slot : fitting.slots) edit.cut_slot(slot);
  return std::move(edit).finish();
}

// Takes the attributes away of which `is_erased(key)` is true.
template <class IsErased>
[[nodiscard]] EditedGraph without_values(std::shared_ptr<const SavedGraph> graph, IsErased is_erased) {
  GraphEdit edit(std::move(graph));
  for (std::size_t id = 0; id < edit.size(); ++id)
    edit.erase_attributes(static_cast<std::int32_t>(id),
                          [&](const SerializedTensor& attribute) { return is_erased(attribute.checkpoint_key); });
  return std::move(edit).finish();
}

// The names of a path in which existing names may contain dots themselves: the longest that there is goes first.
[[nodiscard]] inline std::vector<std::string> names_of_dotted_path(ChildrenByName& graph, std::string_view path) {
  std::vector<std::string> names;
  std::optional<std::int32_t> at = 0;
  while (true) {
    std::string_view name = path.substr(0, path.find('.'));
    std::optional<SavedEdge> known;
    for (std::string_view longer = path; at && !known; longer = longer.substr(0, longer.rfind('.'))) {
      known = longer.empty() ? std::nullopt : graph.find(*at, longer);
      if (known) name = longer;
      if (longer.find('.') == longer.npos) break;
    }
    at = known ? std::optional(graph.node(*known)) : std::nullopt;
    names.emplace_back(name);
    if (path.size() == name.size()) return names;
    path.remove_prefix(name.size() + 1);
  }
}

// The names of a new path, as it is spelled. Throws Error (invalid_argument) for one that cannot be meant.
[[nodiscard]] inline std::vector<std::string> names_of_new_path(ChildrenByName& graph, std::string_view path,
                                                                Spelling spelling) {
  std::optional<std::vector<std::string>> names;
  if (spelling == Spelling::slashes)
    names = names_of_key_path(path);
  else
    names = names_of_dotted_path(graph, path);
  if (!names || std::find(names->begin(), names->end(), "") != names->end())
    throw Error(ErrorCode::invalid_argument,
                "\"" + std::string(path) +
                    "\" is no path for a value: write the names with one dot between them, \"model.kernel\", or with "
                    "slashes as in a key, where a dot in a name is \"..\" and a slash \".S\"")
        .at_key(std::string(path));
  return std::move(*names);
}

// The node that all names but the last lead to; what is missing is made.
[[nodiscard]] inline std::int32_t make_parent(GraphEdit& edit, const std::vector<std::string>& names) {
  std::int32_t at = 0;
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    auto child = edit.find_child(at, names[i]);
    if (!child) {
      child = edit.new_node();
      edit.add_child(at, names[i], *child);
    }
    at = *child;
  }
  return at;
}

[[nodiscard]] inline Error name_is_taken(std::string_view path, const std::string& file) {
  return Error(ErrorCode::already_exists, "the checkpoint " + file + " has \"" + std::string(path) +
                                              "\" already; erase that first, or take another name")
      .in_file(file)
      .at_key(std::string(path));
}

// Gives what `from` fits the path that `to` makes of it, with all that is below. Below the same parent it keeps its
// place. `spelling` is that of both paths. Throws Error: already_exists where something has that path.
[[nodiscard]] inline EditedGraph with_rename(std::shared_ptr<const SavedGraph> graph, const Fitting& fitting,
                                             const Rename& rename, Spelling spelling, const std::string& file) {
  const SavedGraph& saved = *graph;
  GraphEdit edit(graph);
  ChildrenByName known(saved.message());
  for (const FittingEdge& fits : fitting.edges) edit.cut(fits.edge);
  const bool has_slashes = spelling == Spelling::slashes;
  for (const FittingEdge& fits : fitting.edges) {
    const ObjectReference& child = saved[fits.edge.parent].children[fits.edge.child];
    std::string to = rename.to;
    if (is_pattern(rename.from)) to = renamed(rename, fits.path).value_or(to);
    // The name itself may contain dots or slashes, which a pattern hands on.
    std::vector<std::string> names;
    if (!has_slashes && (to == child.local_name || to.ends_with("." + child.local_name))) {
      if (to.size() > child.local_name.size())
        names = names_of_new_path(known, std::string_view(to).substr(0, to.size() - child.local_name.size() - 1),
                                  Spelling::dots);
      names.push_back(child.local_name);
    } else {
      names = names_of_new_path(known, to, spelling);
    }
    const std::int32_t parent = make_parent(edit, names);
    if (edit.find_child(parent, names.back())) throw name_is_taken(to, file);
    if (parent == fits.edge.parent)
      edit.add_child_at(fits.edge, names.back(), child.node_id);
    else
      edit.add_child(parent, names.back(), child.node_id);
  }
  return std::move(edit).finish();
}

struct AddedValue {
  EditedGraph edited;
  std::string key;
};

// Makes a variable of that path, or gives a value to an object that has none. Throws Error: already_exists.
[[nodiscard]] inline AddedValue with_value(std::shared_ptr<const SavedGraph> graph, std::string_view path,
                                           const std::string& file) {
  std::string_view plain = path;
  std::string attribute(variable_value);
  if (const std::size_t end = path.find(attributes_separator); end != path.npos) {
    plain = path.substr(0, end);
    attribute = unescape_local_name(path.substr(end + attributes_separator.size())).value_or("");
  }
  const Spelling spelling = plain.size() != path.size() ? Spelling::slashes : spelling_of(plain);
  if (attribute.empty())
    throw Error(ErrorCode::invalid_argument, "\"" + std::string(path) +
                                                 "\" has no attribute's name at its end; a variable's is " +
                                                 "\"/.ATTRIBUTES/VARIABLE_VALUE\"")
        .at_key(std::string(path));
  ChildrenByName known(graph->message());
  GraphEdit edit(graph);
  std::int32_t id = 0;
  if (!plain.empty() || spelling == Spelling::dots) {
    const std::vector<std::string> names = names_of_new_path(known, plain, spelling);
    const std::int32_t parent = make_parent(edit, names);
    if (const auto child = edit.find_child(parent, names.back())) {
      id = *child;
    } else {
      id = edit.new_node();
      edit.add_child(parent, names.back(), id);
    }
  }
  for (const SerializedTensor& each : edit.node(id).attributes)
    if (each.name == attribute) throw name_is_taken(path, file);
  // "Variable" is the name that TensorFlow gives a tf.Variable without one.
  edit.node(id).attributes.push_back({attribute, attribute == variable_value ? "Variable" : "", ""});
  AddedValue added{std::move(edit).finish(), {}};
  const TrackableObject& node = (*added.edited.graph)[added.edited.ids[static_cast<std::size_t>(id)]];
  for (const SerializedTensor& each : node.attributes)
    if (each.name == attribute) added.key = each.checkpoint_key;
  return added;
}

}  // namespace cairn::detail
