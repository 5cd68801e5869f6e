// Edits of one checkpoint. Each is checked first, and changes nothing when it throws.
#pragma once

#include "../core/error.hpp"
#include "../graph/keys.hpp"
#include "../graph/rename.hpp"
#include "edited_checkpoint.hpp"
#include "edited_value.hpp"
#include "graph_moves.hpp"
#include "new_value.hpp"
#include "value_names.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::detail {

inline void erase_keys(EditedCheckpoint& checkpoint, std::string_view pattern) {
  std::set<std::string> keys;
  for (const auto& item : checkpoint.values()) {
    const bool fits = is_pattern(pattern) ? match_pattern(pattern, item.first).has_value() : item.first == pattern;
    const bool is_below = checkpoint.graph() == nullptr && item.first.size() > pattern.size() &&
                          item.first.starts_with(pattern) && item.first[pattern.size()] == '/';
    if (fits || is_below) keys.insert(item.first);
  }
  if (keys.empty()) throw checkpoint.nothing_named(pattern);
  if (checkpoint.graph() != nullptr) {
    EditedGraph edited = without_values(checkpoint.graph(), [&](const std::string& attribute) {
      const auto all = checkpoint.keys_of(attribute);
      return !all.empty() && std::all_of(all.begin(), all.end(), [&](const auto& key) { return keys.contains(key); });
    });
    checkpoint.apply(std::move(edited));
  }
  for (const std::string& key : keys) checkpoint.values().erase(key);
}

inline void rename_keys(EditedCheckpoint& checkpoint, const Rename& rule) {
  EditedGraph edited;
  for (const auto& item : checkpoint.values())
    if (auto to = renamed_from_beginning(rule, item.first, '/')) edited.renamed.emplace(item.first, std::move(*to));
  if (edited.renamed.empty()) throw checkpoint.nothing_named(rule.from);
  checkpoint.apply(std::move(edited));
}

inline void set(EditedCheckpoint& checkpoint, const std::string& key, NewValue value) {
  const EditedValue& known = checkpoint.values().at(key);
  checkpoint.give(key, fitted(std::move(value), known.dtype, known.shape, key));
}
inline void erase(EditedCheckpoint& checkpoint, std::string_view pattern) {
  if (pattern == bundle::object_graph_key) throw checkpoint.is_the_graph();
  if (checkpoint.graph() == nullptr || is_full_key(pattern) ||
      (checkpoint.values().contains(pattern) && !is_pattern(pattern)))
    return erase_keys(checkpoint, pattern);
  const Fitting fitting = find_fitting(*checkpoint.graph(), pattern);
  if (fitting.empty()) throw checkpoint.nothing_named(pattern);
  checkpoint.apply(without(checkpoint.graph(), fitting));
}

inline void rename(EditedCheckpoint& checkpoint, Rename rule) {
  require_legal({rule});
  if (checkpoint.graph() == nullptr) return rename_keys(checkpoint, rule);
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
  }
  const bool has_slashes = from_end != rule.from.npos || spelling_of(rule.from) == Spelling::slashes ||
                           spelling_of(rule.to) == Spelling::slashes;
  const Spelling spelling = has_slashes ? Spelling::slashes : Spelling::dots;
  Fitting fitting = find_fitting(*checkpoint.graph(), rule.from, spelling);
  if (is_pattern(rule.from))
    std::erase_if(fitting.edges, [&](const FittingEdge& fits) {
      return fits.edge.parent == 0 &&
             (*checkpoint.graph())[0].children[fits.edge.child].local_name == save_counter_name;
    });
  if (fitting.edges.empty()) throw checkpoint.nothing_named(rule.from);
  checkpoint.apply(with_rename(checkpoint.graph(), fitting, rule, spelling, checkpoint.prefix()));
}

inline void copy(EditedCheckpoint& checkpoint, const std::filesystem::path& path, std::string_view name,
                 std::string_view to) {
  const OpenCheckpoint other(path, checkpoint.files());
  const EditedCheckpoint source(other, checkpoint.files());
  const std::string key = source.require_value(name);
  const auto known = checkpoint.find_value(to);
  checkpoint.put(known ? *known : checkpoint.add_key(to), source.values().at(key));
}

inline void cast(EditedCheckpoint& checkpoint, std::string_view pattern, DType dtype) {
  if (number_range(dtype).sort == NumberSort::none)
    throw Error(ErrorCode::invalid_argument,
                "nothing can be cast to " + detail::enum_name(dtype) + "; numbers can, to other numbers");
  const std::optional<std::string> one = is_pattern(pattern) ? std::nullopt : checkpoint.find_value(pattern);
  const std::vector<std::string> keys = one ? std::vector<std::string>{*one} : checkpoint.keys_fitting(pattern);
  std::vector<std::pair<EditedValue*, EditedValue>> changes;
  for (const std::string& key : keys) {
    EditedValue& value = checkpoint.values().find(key)->second;
    if (value.dtype == dtype) continue;
    if (!may_cast(Cast::any, value.dtype, dtype) || (!one && is_floating(value.dtype) != is_floating(dtype))) {
      if (!one) continue;
      throw Error(ErrorCode::invalid_argument,
                  key + " is " + cairn::to_string(value.dtype) + ", which cannot be cast to " + cairn::to_string(dtype))
          .at_key(key)
          .expecting(cairn::to_string(dtype), cairn::to_string(value.dtype));
    }
    EditedValue changed = value;
    if (value.is_stored()) {
      require_castable(value.stored, value.dtype, dtype);
      changed.cast = dtype;
    } else {
      changed.given = std::make_shared<const AnyTensor>(converted(computed(value, key), dtype, true, key));
      changed.averaged_with.clear();
      changed.cast = DT_INVALID;
    }
    changed.dtype = dtype;
    changes.emplace_back(&value, std::move(changed));
  }
  for (auto& [value, changed] : changes) *value = std::move(changed);
}

}  // namespace cairn::detail
