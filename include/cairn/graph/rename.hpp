// Rename: an old path and a new path. A restore renames the objects in a checkpoint before it looks for them in the
// program.
//
//   checkpoint.restore(path, {.rename = {{"model.encoder.*", "model.backbone.*"},   // each child of the encoder
//                                        {"head", "classifier.head"}}});            // the head, with all below it
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/vec.hpp"
#include "../core/error.hpp"
#include "detail/pattern.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// Paths are written with dots, as the paths of LoadStatus are. `from` may be a pattern:
//   "*"     any text, also none; as little as possible
//   "?"     one character
//   "[ab]"  one of these characters; "[a-z]" one from a to z, "[!ab]" a character that is none of these
// A wildcard of `to` is replaced by the text that the wildcard of that spelling in `from` stood for: the first "*" by
// the text of the first "*", the second by that of the second. A "[*]" in `from` is a star itself.
struct Rename {
  // The path in the checkpoint, and the path in the program.
  std::string from;
  std::string to;
};

namespace graph::detail {

// The index of the first wildcard of that spelling; the number of wildcards where there is none.
[[nodiscard]] inline std::size_t place_of(std::string_view wildcard,
                                          const core::detail::Vec<std::string_view>& wildcards) {
  std::size_t place = 0;
  while (place < wildcards.size() && wildcards[place] != wildcard) ++place;
  return place;
}

// The new path, where the rule fits the whole path; nullopt where it does not.
[[nodiscard]] inline std::optional<std::string> renamed(const Rename& rule, std::string_view path) {
  const auto found = match_pattern(rule.from, path);
  if (!found) return std::nullopt;
  core::detail::Vec<std::string_view> wildcards = wildcards_of(rule.from);
  if (wildcards.empty()) return rule.to;
  std::string to;
  for (std::string_view rest = rule.to; !rest.empty();) {
    const std::string_view part = first_part(rest);
    const std::size_t taken = wildcard_length(part) != 0 ? place_of(part, wildcards) : wildcards.size();
    if (taken != wildcards.size()) {
      to += (*found)[taken];
      wildcards[taken] = {};
    } else {
      to += part;
    }
    rest.remove_prefix(part.size());
  }
  return to;
}

// The new path, where the rule fits the whole path or its beginning up to a separator; the rest of the path stays as it
// is. nullopt where the rule does not fit. The shortest beginning that fits counts.
[[nodiscard]] inline std::optional<std::string> renamed_from_beginning(const Rename& rule, std::string_view path,
                                                                       char separator) {
  for (std::size_t end = path.find(separator);; end = path.find(separator, end + 1)) {
    end = std::min(end, path.size());
    if (auto to = renamed(rule, path.substr(0, end))) return std::move(*to += path.substr(end));
    if (end == path.size()) return std::nullopt;
  }
}

// Throws Error with ErrorCode::invalid_argument for a rule with an empty path, and for a wildcard of the new path that
// the old path does not have.
inline void require_legal(const std::vector<Rename>& rules) {
  for (const Rename& rule : rules) {
    const std::string shown = "the rename of \"" + rule.from + "\" to \"" + rule.to + "\"";
    if (rule.from.empty() || rule.to.empty())
      core::detail::fail(
          ErrorCode::invalid_argument,
          {shown, " has an empty path; write \"*\" for everything below the root, or use {.prefix = ...}"});
    // Without a wildcard in the old path, "?" and "[" are letters of the new one.
    core::detail::Vec<std::string_view> wildcards = wildcards_of(rule.from);
    const bool has_wildcards = !wildcards.empty();
    for (const std::string_view wildcard : wildcards_of(rule.to)) {
      if (!has_wildcards && wildcard != "*") continue;
      const std::size_t taken = place_of(wildcard, wildcards);
      if (taken == wildcards.size())
        core::detail::fail(ErrorCode::invalid_argument,
                           {shown, " has more \"", wildcard,
                            "\" in the new path than in the old one; each needs one that it "
                            "is taken from"});
      wildcards[taken] = {};
    }
  }
}

}  // namespace graph::detail
}  // namespace CAIRN_NAMESPACE
