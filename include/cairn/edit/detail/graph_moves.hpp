// Edits of an object graph by names: taking parts away, giving them other names, making room for new values.
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../../graph/detail/graph_paths.hpp"
#include "../../graph/rename.hpp"
#include "edited_graph.hpp"
#include "fitting.hpp"
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

namespace CAIRN_NAMESPACE::edit::detail {

// Cuts what a path or pattern fits, and takes the attributes away of which `is_erased(key)` is true. What something
// else holds as well stays there.
template <class IsErased>
[[nodiscard]] EditedGraph without(std::shared_ptr<const ObjectGraph> graph, const Fitting& fitting,
                                  IsErased is_erased) {
  GraphEdit edit(std::move(graph));
  for (const FittingEdge& fits : fitting.edges) edit.cut(fits.edge);
  for (const FittingSlot& fits : fitting.slots) edit.cut_slot(fits);
  for (std::size_t id = 0; id < edit.size() && !fitting.keys.empty(); ++id)
    edit.erase_attributes(static_cast<std::int32_t>(id), [&](const SerializedTensor& attribute) {
      return is_erased(std::string(attribute.checkpoint_key));
    });
  return std::move(edit).finish();
}

// The names of a path in which existing names may contain dots themselves: the longest that there is goes first.
[[nodiscard]] inline std::vector<std::string> names_of_dotted_path(graph::detail::ChildrenByName& known,
                                                                   const ObjectGraph& graph, std::string_view path) {
  std::vector<std::string> names;
  std::optional<std::int32_t> at = 0;
  while (true) {
    std::string_view name = path.substr(0, path.find('.'));
    graph::detail::SavedEdge edge;
    for (std::string_view longer = path; at && !edge; longer = longer.substr(0, longer.rfind('.'))) {
      if (!longer.empty()) edge = known.find(graph, *at, longer);
      if (edge) name = longer;
      if (longer.find('.') == longer.npos) break;
    }
    at = edge ? std::optional(graph::detail::child_at(graph, edge).node_id) : std::nullopt;
    names.emplace_back(name);
    if (path.size() == name.size()) return names;
    path.remove_prefix(name.size() + 1);
  }
}

// The names of a new path, as it is spelled. Throws Error (invalid_argument) for one that cannot be meant.
[[nodiscard]] inline std::vector<std::string> names_of_new_path(graph::detail::ChildrenByName& known,
                                                                const ObjectGraph& graph, std::string_view path,
                                                                Spelling spelling) {
  std::optional<std::vector<std::string>> names;
  if (spelling == Spelling::slashes)
    names = names_of_key_path(path);
  else
    names = names_of_dotted_path(known, graph, path);
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
  for (std::size_t i = 0; i + 1 < names.size(); ++i) at = edit.child_or_new(at, names[i]);
  return at;
}

[[nodiscard]] inline Error name_is_taken(std::string_view path, const std::string& file) {
  return Error(ErrorCode::already_exists, "the checkpoint " + file + " has \"" + std::string(path) +
                                              "\" already; erase that first, or take another name")
      .in_file(file)
      .at_key(std::string(path));
}

// The names of what a rename makes of an edge's path. The last name itself may contain dots or slashes, which a pattern
// hands on.
[[nodiscard]] inline std::vector<std::string> names_of_renamed(graph::detail::ChildrenByName& known,
                                                               const ObjectGraph& graph, std::string_view to,
                                                               std::string_view local_name, Spelling spelling) {
  if (spelling == Spelling::slashes || (to != local_name && !to.ends_with("." + std::string(local_name))))
    return names_of_new_path(known, graph, to, spelling);
  std::vector<std::string> names;
  if (to.size() > local_name.size())
    names = names_of_new_path(known, graph, to.substr(0, to.size() - local_name.size() - 1), Spelling::dots);
  names.emplace_back(local_name);
  return names;
}

// Gives a slot variable another name. Throws Error: invalid_argument where its optimizer or its variable would be others.
inline void rename_slot(GraphEdit& edit, const ObjectGraph& saved, const FittingSlot& fits, std::string_view to,
                        Spelling spelling, const std::string& file) {
  const SlotVariableReference slot = saved[fits.optimizer].slot_variables[fits.index];
  const std::string_view path = fits.path, before = path.substr(0, fits.name_begin);
  const std::string_view behind = path.substr(before.size() + path_below("", slot.slot_name, spelling).size());
  std::optional<std::string> name;
  if (to.size() > before.size() + behind.size() && to.starts_with(before) && to.ends_with(behind)) {
    name = std::string(to.substr(before.size(), to.size() - before.size() - behind.size()));
    if (spelling == Spelling::slashes)
      name = name->find('/') == name->npos ? core::detail::unescape_local_name(*name) : std::nullopt;
  }
  if (!name)
    throw Error(ErrorCode::invalid_argument,
                "the slot variable \"" + fits.path + "\" cannot become \"" + std::string(to) +
                    "\": it stays with its optimizer and its variable, and only the name between them can be another")
        .in_file(file)
        .at_key(fits.path);
  for (const SlotVariableReference other : edit.graph()[fits.optimizer].slot_variables)
    if (other.slot_name == *name && other.original_variable_node_id == slot.original_variable_node_id)
      throw name_is_taken(to, file);
  edit.rename_slot(fits, *name);
}

// Gives what `from` fits the path that `to` makes of it, with all that is below. Below the same parent it keeps its
// place. `spelling` is that of both paths. Throws Error: already_exists where something has that path.
[[nodiscard]] inline EditedGraph with_rename(std::shared_ptr<const ObjectGraph> graph, const Fitting& fitting,
                                             const Rename& rename, Spelling spelling, const std::string& file) {
  const ObjectGraph& saved = *graph;
  GraphEdit edit(graph);
  graph::detail::ChildrenByName known;
  for (const FittingEdge& fits : fitting.edges) edit.cut(fits.edge);
  for (const FittingEdge& fits : fitting.edges) {
    const ObjectReference child = graph::detail::child_at(saved, fits.edge);
    const std::string to = graph::detail::renamed(rename, fits.path).value_or(rename.to);
    const std::vector<std::string> names = names_of_renamed(known, saved, to, child.local_name, spelling);
    const std::int32_t parent = make_parent(edit, names);
    if (edit.find(parent, names.back())) throw name_is_taken(to, file);
    if (parent == fits.edge.parent)
      edit.put(fits.edge, names.back(), child.node_id);
    else
      edit.add_child(parent, names.back(), child.node_id);
  }
  for (const FittingSlot& fits : fitting.slots)
    rename_slot(edit, saved, fits, graph::detail::renamed(rename, fits.path).value_or(rename.to), spelling, file);
  return std::move(edit).finish();
}

struct AddedValue {
  EditedGraph edited;
  std::string key;
};

// Makes a variable of that path, or gives a value to an object that has none. Throws Error: already_exists.
[[nodiscard]] inline AddedValue with_value(std::shared_ptr<const ObjectGraph> graph, std::string_view path,
                                           const std::string& file) {
  std::string_view plain = path;
  std::string attribute(core::detail::variable_value);
  if (const std::size_t end = path.find(attributes_separator); end != path.npos) {
    plain = path.substr(0, end);
    attribute = core::detail::unescape_local_name(path.substr(end + attributes_separator.size())).value_or("");
  }
  const Spelling spelling = plain.size() != path.size() ? Spelling::slashes : spelling_of(plain);
  if (attribute.empty())
    throw Error(ErrorCode::invalid_argument, "\"" + std::string(path) +
                                                 "\" has no attribute's name at its end; a variable's is " +
                                                 "\"/.ATTRIBUTES/VARIABLE_VALUE\"")
        .at_key(std::string(path));
  graph::detail::ChildrenByName known;
  GraphEdit edit(graph);
  std::int32_t id = 0;
  if (!plain.empty() || spelling == Spelling::dots) {
    const std::vector<std::string> names = names_of_new_path(known, *graph, plain, spelling);
    const std::int32_t parent = make_parent(edit, names);
    id = edit.child_or_new(parent, names.back());
  }
  for (const SerializedTensor each : edit.graph()[id].attributes)
    if (each.name == attribute) throw name_is_taken(path, file);
  // "Variable" is the name that TensorFlow gives a tf.Variable without one.
  edit.graph().add_attribute(id, {attribute, attribute == core::detail::variable_value ? "Variable" : "", ""});
  AddedValue added{std::move(edit).finish(), {}};
  for (const SerializedTensor each : (*added.edited.graph)[added.edited.ids[static_cast<std::size_t>(id)]].attributes)
    if (each.name == attribute) added.key = each.checkpoint_key;
  return added;
}

}  // namespace CAIRN_NAMESPACE::edit::detail
