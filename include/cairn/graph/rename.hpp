// An old path, a new path: how the names in a checkpoint become the names in the program before the two are matched.
//
//   {"model.encoder.*", "model.backbone.*"}   // what "*" stands for goes where "*" is
//   {"head", "classifier.head"}               // with all that is below
#pragma once

#include "../core/error.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

// Paths are written with dots, as in LoadStatus. A "*" stands for any text of at least one letter, as little of it as
// possible; the first "*" of `to` is what the first "*" of `from` stood for, and so on.
struct Rename {
  std::string from;
  std::string to;
};

namespace detail {

// What each "*" of the pattern stands for in the text; nullopt when the text does not fit. The classic search: only the
// last "*" met is ever widened, so the time is the product of the lengths at most.
[[nodiscard]] inline std::optional<std::vector<std::string_view>> match_pattern(std::string_view pattern,
                                                                                std::string_view text) {
  struct Star {
    std::size_t pattern;  // behind it
    std::size_t begin;    // of what it stands for
    std::size_t end;
  };
  std::vector<Star> stars;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size() || p < pattern.size()) {
    if (p < pattern.size() && pattern[p] == '*' && t < text.size()) {
      stars.push_back({++p, t, t + 1});
      ++t;
    } else if (p < pattern.size() && pattern[p] != '*' && t < text.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else {
      if (stars.empty() || stars.back().end == text.size()) return std::nullopt;
      p = stars.back().pattern;
      t = ++stars.back().end;
    }
  }
  std::vector<std::string_view> found;
  for (const Star& star : stars) found.push_back(text.substr(star.begin, star.end - star.begin));
  return found;
}

// The new path of a path that fits as a whole; nullopt for others.
[[nodiscard]] inline std::optional<std::string> renamed(const Rename& rule, std::string_view path) {
  const auto found = match_pattern(rule.from, path);
  if (!found) return std::nullopt;
  std::string to;
  std::size_t star = 0;
  for (const char c : rule.to) {
    if (c == '*')
      to += (*found)[star++];
    else
      to += c;
  }
  return to;
}

// The same for a path of which the beginning may fit, up to a separator: what follows is kept.
[[nodiscard]] inline std::optional<std::string> renamed_from_beginning(const Rename& rule, std::string_view path,
                                                                       char separator) {
  for (std::size_t end = path.find(separator);; end = path.find(separator, end + 1)) {
    end = std::min(end, path.size());
    if (auto to = renamed(rule, path.substr(0, end))) return std::move(*to += path.substr(end));
    if (end == path.size()) return std::nullopt;
  }
}

// Throws Error (invalid_argument) for rules that cannot be meant.
inline void require_legal(const std::vector<Rename>& rules) {
  for (const Rename& rule : rules) {
    const std::string shown = "the rename of \"" + rule.from + "\" to \"" + rule.to + "\"";
    if (rule.from.empty() || rule.to.empty())
      throw Error(ErrorCode::invalid_argument,
                  shown + " has an empty path; write \"*\" for everything below the root, or use {.prefix = ...}");
    if (std::count(rule.to.begin(), rule.to.end(), '*') > std::count(rule.from.begin(), rule.from.end(), '*'))
      throw Error(ErrorCode::invalid_argument,
                  shown + " has more \"*\" in the new path than in the old one; each needs one that it is taken from");
  }
}

}  // namespace detail
}  // namespace cairn
