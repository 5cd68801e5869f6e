// Edits of one checkpoint. Each is checked first, and changes nothing when it throws.
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../../core/path_argument.hpp"
#include "../../graph/detail/graph_paths.hpp"
#include "../../graph/detail/graph_walks.hpp"
#include "../../graph/detail/pattern.hpp"
#include "../../graph/rename.hpp"
#include "../new_value.hpp"
#include "converted.hpp"
#include "edited_checkpoint.hpp"
#include "edited_value.hpp"
#include "fitting.hpp"
#include "graph_moves.hpp"
#include "merged_graph.hpp"
#include "value_names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

// A path or a pattern as the rules of a rename have it: without the "/" at the end of a scope.
[[nodiscard]] inline Rename plain_rule(std::string_view from, std::string_view to) {
  Rename rule{std::string(without_slash(from)), std::string(without_slash(to))};
  graph::detail::require_legal({rule});
  return rule;
}
// What a rule makes of a key of which it fits the beginning. Throws Error (invalid_argument) where nothing is left of
// it.
[[nodiscard]] inline std::string renamed_key(const Rename& rule, const FittingKey& fits) {
  const std::string_view key = fits.key;
  std::string name =
      graph::detail::renamed(rule, key.substr(0, fits.end)).value_or(rule.to) + std::string(key.substr(fits.end));
  if (name.empty())
    throw Error(ErrorCode::invalid_argument, "\"" + rule.to + "\" in the place of \"" + rule.from + "\" leaves \"" +
                                                 fits.key + "\" without a name; write a new path that is never empty")
        .at_key(fits.key);
  return name;
}
// Slashes where one of two paths has some.
[[nodiscard]] inline Spelling spelling_of(const Rename& rule) noexcept {
  return spelling_of(rule.from) == Spelling::slashes ? Spelling::slashes : spelling_of(rule.to);
}
// A pattern leaves the root's counter of saves alone.
inline void leave_save_counter(const ObjectGraph& graph, std::string_view pattern, Fitting& fitting) {
  if (graph::detail::is_pattern(pattern))
    std::erase_if(fitting.edges, [&](const FittingEdge& fits) {
      return fits.edge.parent == 0 && graph[0].children[fits.edge.child].local_name == core::detail::save_counter_name;
    });
}

inline LastEdit rename_keys(EditedCheckpoint& checkpoint, std::string_view from, const Rename& rule) {
  EditedGraph edited;
  for (const FittingKey& fits : checkpoint.find(from).keys) edited.renamed.emplace(fits.key, renamed_key(rule, fits));
  const std::size_t tensors = edited.renamed.size();
  checkpoint.apply(std::move(edited));
  return {tensors, {}};
}

inline void set(EditedCheckpoint& checkpoint, const std::string& key, NewValue value, bool reshape) {
  const auto [dtype, shape] = checkpoint.dtype_and_shape(key);
  checkpoint.give(key, fitted(std::move(value), dtype, shape, key, reshape));
}
inline LastEdit erase(EditedCheckpoint& checkpoint, std::string_view name) {
  if (name == bundle::object_graph_key) throw checkpoint.is_the_graph();
  const Fitting fitting = checkpoint.find(name);
  std::set<std::string> keys;
  for (const FittingKey& fits : fitting.keys) keys.insert(fits.key);
  const std::size_t before = checkpoint.values().size();
  if (checkpoint.graph() == nullptr) {
    for (const std::string& key : keys) checkpoint.values().erase(key);
    return {before - checkpoint.values().size(), {}};
  }
  const std::shared_ptr<const ObjectGraph> saved = checkpoint.graph();
  EditedGraph edited = without(saved, fitting, [&](const std::string& attribute) {
    const auto all = checkpoint.keys_of(attribute);
    return !all.empty() && std::all_of(all.begin(), all.end(), [&](const auto& key) { return keys.contains(key); });
  });
  const std::vector<std::int32_t> ids = std::move(edited.ids);
  checkpoint.apply(std::move(edited), keys);
  LastEdit done{before - checkpoint.values().size(), {}};
  const ObjectGraph& graph = *checkpoint.graph();
  const core::detail::Vec<bool> has_values = graph::detail::nodes_with_values(graph);
  std::set<std::int32_t> seen;
  for (const FittingEdge& fits : fitting.edges) {
    const std::int32_t id = graph::detail::child_at(*saved, fits.edge).node_id;
    const std::int32_t now = ids[static_cast<std::size_t>(id)];
    if (now <= 0 || !has_values[static_cast<std::size_t>(now)] || !seen.insert(now).second) continue;
    if (auto path = graph::detail::full_path(graph, now)) done.still_held.push_back(std::move(*path));
  }
  return done;
}

inline LastEdit rename(EditedCheckpoint& checkpoint, std::string_view from, std::string_view to) {
  Rename rule = plain_rule(from, to);
  if (checkpoint.graph() == nullptr) return rename_keys(checkpoint, from, rule);
  Spelling spelling = spelling_of(rule);
  const std::size_t from_end = rule.from.find(attributes_separator), to_end = rule.to.find(attributes_separator);
  if (from_end != rule.from.npos || to_end != rule.to.npos) {
    if (from_end == rule.from.npos || to_end == rule.to.npos || rule.from.substr(from_end) != rule.to.substr(to_end))
      throw Error(ErrorCode::invalid_argument, "the rename of \"" + rule.from + "\" to \"" + rule.to +
                                                   "\" would change the attribute's name, which says what kind of "
                                                   "value it is; keep what follows \"/.ATTRIBUTES/\", or give paths");
    rule.from.resize(from_end);
    rule.to.resize(to_end);
    if (rule.from.empty() || rule.to.empty())
      throw Error(ErrorCode::invalid_argument, "the root cannot be renamed, and nothing can become the root");
    spelling = Spelling::slashes;
  }
  Fitting fitting = find_fitting(*checkpoint.graph(), rule.from, spelling);
  leave_save_counter(*checkpoint.graph(), rule.from, fitting);
  if (fitting.empty()) throw checkpoint.nothing_named(rule.from);
  const std::size_t tensors = checkpoint.keys_of(fitting).size();
  checkpoint.apply(with_rename(checkpoint.graph(), fitting, rule, spelling, checkpoint.prefix()));
  return {tensors, {}};
}

// Puts all that edges of the source's graph lead to where a rule says. The keys here, and the source's.
[[nodiscard]] inline std::map<std::string, std::string> copy_objects(EditedCheckpoint& checkpoint,
                                                                     const EditedCheckpoint& source,
                                                                     const Fitting& fitting, const Rename& rule) {
  std::map<std::string, std::string> keys;
  if (fitting.edges.empty()) return keys;
  if (checkpoint.graph() == nullptr)
    throw Error(ErrorCode::invalid_argument, "\"" + rule.from + "\" is an object of the checkpoint " + source.prefix() +
                                                 ", and " + checkpoint.prefix() +
                                                 " is name-based: only single tensors can be copied into it")
        .in_file(source.prefix())
        .at_key(rule.from);
  const Spelling spelling = spelling_of(rule);
  graph::detail::ChildrenByName known;
  GraphEdit edit(checkpoint.graph());
  std::vector<NodePair> pairs;
  for (const FittingEdge& fits : fitting.edges) {
    const ObjectReference child = graph::detail::child_at(*source.graph(), fits.edge);
    const std::vector<std::string> names =
        names_of_renamed(known, *checkpoint.graph(), graph::detail::renamed(rule, fits.path).value_or(rule.to),
                         child.local_name, spelling);
    const std::int32_t parent = make_parent(edit, names);
    pairs.push_back({child.node_id, edit.child_or_new(parent, names.back())});
  }
  MergedGraph both =
      merged(std::move(edit), *source.graph(), std::move(pairs), match_graphs(*source.graph(), *checkpoint.graph()));
  for (const MergedGraph::Value& value : both.values)
    for (const std::string& key : source.keys_of(value.other_key))
      keys.emplace(value.key + key.substr(value.other_key.size()), key);
  checkpoint.apply(std::move(both.edited));
  return keys;
}

inline LastEdit copy(EditedCheckpoint& checkpoint, const PathArgument& path, std::string_view name,
                     std::string_view to) {
  const OpenCheckpoint other(path, checkpoint.files());
  const EditedCheckpoint source(other, checkpoint.files());
  const auto put = [&](EditedCheckpoint& edited, std::string_view place, const std::string& key) {
    const auto known = edited.find_value(place);
    edited.put(known ? *known : edited.add_key(place), source.values().at(key));
  };
  if (const auto key = source.find_value(name)) {
    put(checkpoint, to, *key);
    return {1, {}};
  }
  const Rename rule = plain_rule(name, to);
  Fitting fitting = source.find(name);
  if (source.graph() != nullptr) leave_save_counter(*source.graph(), name, fitting);
  EditedCheckpoint edited = checkpoint;
  const std::map<std::string, std::string> copied = copy_objects(edited, source, fitting, rule);
  for (const auto& [here, there] : copied) edited.put(here, source.values().at(there));
  const ObjectGraph* const graph = source.graph().get();
  for (const FittingSlot& fits : fitting.slots) {
    const ObjectGraph::Node slot = (*graph)[(*graph)[fits.optimizer].slot_variables[fits.index].slot_variable_node_id];
    if (const std::size_t main = main_attribute(slot); main != slot.attributes.size())
      put(edited, graph::detail::renamed(rule, fits.path).value_or(rule.to),
          std::string(slot.attributes[main].checkpoint_key));
  }
  for (const FittingKey& fits : fitting.keys) put(edited, renamed_key(rule, fits), fits.key);
  checkpoint = std::move(edited);
  return {copied.size() + fitting.slots.size() + fitting.keys.size(), {}};
}

inline LastEdit cast(EditedCheckpoint& checkpoint, std::string_view name, DType dtype, Cast how) {
  if (tensor::detail::number_range(dtype).sort == tensor::detail::NumberSort::none)
    throw Error(ErrorCode::invalid_argument,
                "nothing can be cast to " + detail::enum_name(dtype) + "; numbers can, to other numbers");
  const std::optional<std::string> one = checkpoint.find_value(name);
  const std::set<std::string> keys = one ? std::set<std::string>{*one} : checkpoint.keys_of(checkpoint.find(name));
  std::vector<std::pair<EditedValue*, EditedValue>> changes;
  const EditedValues::value_type* other_sort = nullptr;
  bool is_converted = false;  // already, or now
  for (const std::string& key : keys) {
    const auto known = checkpoint.values().find(key);
    EditedValue& value = known->second;
    is_converted = is_converted || value.dtype == dtype;
    if (value.dtype == dtype) continue;
    if (!tensor::detail::may_cast(how, value.dtype, dtype) ||
        (!one && is_floating(value.dtype) != is_floating(dtype))) {
      if (!one) {
        other_sort = &*known;
        continue;
      }
      throw Error(ErrorCode::invalid_argument,
                  key + " is " + cairn::to_string(value.dtype) + ", which cannot be cast to " + cairn::to_string(dtype))
          .at_key(key)
          .expecting(cairn::to_string(dtype), cairn::to_string(value.dtype));
    }
    EditedValue changed = value;
    if (value.is_stored()) {
      require_castable(value.stored, value.dtype, dtype, how);
      changed.cast = dtype;
      changed.how = how;
    } else {
      changed.given = std::make_shared<const AnyTensor>(converted(computed(value, key), dtype, true, key, how));
      changed.averaged_with.clear();
      changed.cast = DT_INVALID;
    }
    changed.dtype = dtype;
    changes.emplace_back(&value, std::move(changed));
  }
  if (changes.empty() && !is_converted && other_sort != nullptr)
    throw Error(ErrorCode::invalid_argument, "nothing of \"" + std::string(name) + "\" is cast to " +
                                                 cairn::to_string(dtype) + ": " + other_sort->first + " is " +
                                                 cairn::to_string(other_sort->second.dtype) +
                                                 "; a tensor that is named alone is cast from any sort of numbers")
        .in_file(checkpoint.prefix())
        .at_key(other_sort->first)
        .expecting(cairn::to_string(dtype), cairn::to_string(other_sort->second.dtype));
  for (auto& [value, changed] : changes) *value = std::move(changed);
  return {changes.size(), {}};
}

}  // namespace CAIRN_NAMESPACE::edit::detail
