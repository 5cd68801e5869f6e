// RestoreOptions::rename and prefix: a checkpoint whose program called things otherwise, or a part of one. Both kinds of
// restore ask the feature for the names before they match them.
#pragma once

#include "../../../bundle/object_graph.hpp"
#include "../../../bundle/reader.hpp"
#include "../../../core/detail/list_option.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/sort.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../core/object_graph.hpp"
#include "../../../graph/detail/renamed_graph.hpp"
#include "../../../graph/rename.hpp"
#include "../../../reflect/detail/nearest.hpp"
#include "entries_by_name.hpp"

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// The object graph below the prefix, with the names that the rules give. Throws Error: data_loss for a damaged graph;
// invalid_argument for a prefix or a rename that fits nothing.
[[nodiscard]] inline ObjectGraph read_renamed_graph(const bundle::Reader& reader, const std::string& prefix,
                                                    const std::vector<Rename>* rules) {
  ObjectGraph saved = bundle::detail::read_checked_graph(reader);
  if (!prefix.empty()) saved = graph::detail::below(saved, prefix, reader.prefix());
  return rules == nullptr ? std::move(saved) : graph::detail::with_renames(std::move(saved), *rules, reader.prefix());
}

// The names below the prefix, as the rules have them. Refers to the reader's entries. Throws Error (invalid_argument) for a prefix or a rename that fits nothing, and for
// two keys of one name.
[[nodiscard]] inline EntriesByName renamed_entries(const bundle::Reader& reader, const std::string& prefix,
                                                   const std::vector<Rename>* given) {
  const std::vector<Rename> rules = given == nullptr ? std::vector<Rename>() : *given;
  const auto refuse = [&](const std::string& problem) -> Error {
    return Error(ErrorCode::invalid_argument, problem).in_file(reader.prefix());
  };
  const auto nearest_key = [&](std::string_view wrong) {
    if (wrong.ends_with('/')) wrong.remove_suffix(1);
    reflect::detail::Nearest search{.wrong = wrong};
    std::string nearest;
    for (const auto& [key, entry] : reader.entries()) reflect::detail::offer_with_scopes(search, key, nearest);
    return nearest.empty() ? "; no name in it is near" : "; the nearest name in it is \"" + nearest + "\"";
  };
  graph::detail::require_legal(rules);
  std::string scope = prefix;
  if (!scope.empty() && !scope.ends_with('/')) scope += '/';
  core::detail::Vec<bool> used(rules.size());
  EntriesByName by_name;
  core::detail::Vec<NamedEntry>& names = by_name.names;
  core::detail::Vec<NamedEntry> plain;  // names that no rule gave
  const auto& entries = reader.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& key = entries[i].first;
    if (!key.starts_with(scope)) continue;
    const std::string_view name = std::string_view(key).substr(scope.size());
    const std::string* decided = nullptr;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      const Rename& rename = rules[rule];
      if (decided != nullptr && *decided != rename.from) continue;
      auto to = graph::detail::renamed_from_beginning(rename, name, '/');
      if (!to) continue;
      used[rule] = true;
      decided = &rename.from;
      by_name.given.push_back(core::detail::make_own<const std::string>(std::move(*to)));
      names.push_back({*by_name.given.back(), i});
    }
    if (decided == nullptr) plain.push_back({name, i});
  }
  names.insert(names.end(), plain.begin(), plain.end());
  core::detail::sort(names, [](const NamedEntry& a, const NamedEntry& b) { return a.name < b.name; });
  std::size_t count = 0;
  for (const NamedEntry& each : names) {
    const NamedEntry* const before = count == 0 ? nullptr : &names[count - 1];
    const std::string& key = entries[each.entry].first;
    if (before == nullptr || before->name != each.name) {
      names[count++] = each;
    } else if (before->entry != each.entry && !is_its_own(each.name, key)) {  // where a rule gave the name, it counts
      std::string problem = "the renames give \"";
      ((problem += entries[before->entry].first) += "\" and \"") += key;
      problem += "\" of the name-based checkpoint " + reader.prefix() + " the same name, \"";
      (problem += each.name) += "\"; rename one of them to another name";
      throw refuse(problem);
    }
  }
  names.erase(names.begin() + count, names.end());
  if (names.empty() && !scope.empty())
    throw refuse("the name-based checkpoint " + reader.prefix() + " has no variable below \"" + scope + "\"" +
                 nearest_key(scope));
  for (std::size_t rule = 0; rule < used.size(); ++rule)
    if (!used[rule])
      throw refuse("the rename of \"" + rules[rule].from + "\" fits nothing in the name-based checkpoint " +
                   reader.prefix() + " that an earlier one does not rename" + nearest_key(rules[rule].from));
  return by_name;
}

// The functions that a restore calls where one of the two options is set. `rules` is null where only the prefix is.
struct RenameFeature {
  ObjectGraph (*read_graph)(const bundle::Reader& reader, const std::string& prefix, const std::vector<Rename>* rules);
  EntriesByName (*list_names)(const bundle::Reader& reader, const std::string& prefix,
                              const std::vector<Rename>* rules);
};
inline constexpr RenameFeature rename_feature{&read_renamed_graph, &renamed_entries};

using RenameOption = core::detail::ListOption<Rename, rename_feature>;

// Is set and read as a std::string is.
class PrefixOption {
 public:
  PrefixOption() noexcept = default;
  template <class Text>
    requires(std::convertible_to<Text, std::string> && !std::same_as<std::remove_cvref_t<Text>, PrefixOption>)
  PrefixOption(Text&& text)  // NOLINT(google-explicit-constructor): a text is a prefix
      : text_(std::forward<Text>(text)), feature_(text_.empty() ? nullptr : &rename_feature) {}

  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  operator const std::string&() const noexcept { return text_; }  // NOLINT(google-explicit-constructor)
  friend bool operator==(const PrefixOption& a, const PrefixOption& b) noexcept { return a.text_ == b.text_; }
  template <class Text>
    requires std::convertible_to<const Text&, std::string_view>
  friend bool operator==(const PrefixOption& prefix, const Text& text) {
    return prefix.text_ == std::string_view(text);
  }

  // Null where the prefix is empty.
  [[nodiscard]] const RenameFeature* feature() const noexcept { return feature_; }

 private:
  std::string text_;
  const RenameFeature* feature_ = nullptr;
};

// Null where neither option is set.
[[nodiscard]] inline const RenameFeature* rename_feature_of(const PrefixOption& prefix, const RenameOption& rename) {
  return prefix.feature() != nullptr ? prefix.feature() : rename.feature();
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
