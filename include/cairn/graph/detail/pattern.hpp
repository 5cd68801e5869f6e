// Patterns of names, as a shell has them. One place says what fits: edits, renames, frozen objects and the tool ask it.
//
//   "*"      any text, also none        "model.*.bias", "*Adam*"
//   "?"      one character              "layer_?"
//   "[ab]"   one of these characters, "[a-z]" one from a to z, "[!ab]" one that is none of these
//
// "[*]" is a star itself, and a name that is the pattern letter for letter fits in any case. A "[" without its "]" is a
// letter.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// The first character of a text that is not empty. A byte that is not UTF-8 is a character by itself.
[[nodiscard]] constexpr std::string_view first_character(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  std::size_t end = 1;
  while (end < length && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) ++end;
  return text.substr(0, end);
}

// The length of the wildcard at the beginning of a text that is not empty; 0 where the text begins with a letter.
[[nodiscard]] constexpr std::size_t wildcard_length(std::string_view pattern) noexcept {
  if (pattern[0] == '*' || pattern[0] == '?') return 1;
  if (pattern[0] != '[') return 0;
  const std::size_t first = pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^') ? 2 : 1;
  const std::size_t end = pattern.find(']', first + 1);  // a "]" that is the first character belongs to the set
  return end == pattern.npos ? 0 : end + 1;
}

// The first wildcard or character of a pattern that is not empty.
[[nodiscard]] constexpr std::string_view first_part(std::string_view pattern) noexcept {
  const std::size_t wildcard = wildcard_length(pattern);
  return wildcard != 0 ? pattern.substr(0, wildcard) : first_character(pattern);
}

[[nodiscard]] constexpr bool is_pattern(std::string_view name) noexcept {
  for (; !name.empty(); name.remove_prefix(1))
    if (wildcard_length(name) != 0) return true;
  return false;
}

// The wildcards of a pattern as they are spelled, in order.
[[nodiscard]] inline core::detail::Vec<std::string_view> wildcards_of(std::string_view pattern) {
  core::detail::Vec<std::string_view> wildcards;
  for (; !pattern.empty(); pattern.remove_prefix(first_part(pattern).size()))
    if (wildcard_length(pattern) != 0) wildcards.push_back(first_part(pattern));
  return wildcards;
}

// True when the character is in a set such as "[a-z]". The bytes of UTF-8 sort as its characters do.
[[nodiscard]] constexpr bool is_in_set(std::string_view set, std::string_view character) noexcept {
  set = set.substr(1, set.size() - 2);
  const bool is_negated = set[0] == '!' || set[0] == '^';
  if (is_negated) set.remove_prefix(1);
  bool is_in = false;
  while (!set.empty()) {
    const std::string_view first = first_character(set);
    std::string_view last = first;
    set.remove_prefix(first.size());
    if (set.size() > 1 && set[0] == '-') {
      last = first_character(set.substr(1));
      set.remove_prefix(1 + last.size());
    }
    is_in = is_in || (first <= character && character <= last);
  }
  return is_in != is_negated;
}

// True when a part of a pattern, which is no star, fits the character.
[[nodiscard]] constexpr bool fits_character(std::string_view part, std::string_view character) noexcept {
  if (wildcard_length(part) == 0) return part == character;
  return part == "?" || is_in_set(part, character);
}

// The texts that the wildcards of the pattern stand for, a "*" for as little as possible; nullopt when the text does
// not fit. Only the last "*" that was met is ever widened, so that the time is at most the product of the lengths.
[[nodiscard]] inline std::optional<core::detail::Vec<std::string_view>> match_pattern(std::string_view pattern,
                                                                                      std::string_view text) {
  core::detail::Vec<std::string_view> found;
  std::optional<std::size_t> star;          // the index of the last star in `found`
  std::string_view behind_star, star_text;  // the pattern behind the star, and the text from the star's beginning on
  for (std::string_view parts = pattern, rest = text; !parts.empty() || !rest.empty();) {
    const std::string_view part = parts.empty() ? parts : first_part(parts);
    if (part == "*") {
      parts.remove_prefix(1);
      star = found.size();
      behind_star = parts;
      star_text = rest;
      found.push_back(rest.substr(0, 0));
    } else if (!part.empty() && !rest.empty() && fits_character(part, first_character(rest))) {
      if (wildcard_length(part) != 0) found.push_back(first_character(rest));
      parts.remove_prefix(part.size());
      rest.remove_prefix(first_character(rest).size());
    } else if (star && found[*star].size() < star_text.size()) {
      const std::size_t known = found[*star].size();
      found.resize(*star + 1);
      found[*star] = star_text.substr(0, known + first_character(star_text.substr(known)).size());
      parts = behind_star;
      rest = star_text.substr(found[*star].size());
    } else if (pattern == text) {
      return wildcards_of(pattern);
    } else {
      return std::nullopt;
    }
  }
  return found;
}

// A pattern that is compared with texts piece by piece. The paths of a graph share their beginnings; each name is read
// once for each state that the pattern can be in there.
class PatternStates {
 public:
  // The numbers of parts of the pattern that may have been passed, in ascending order; empty where no text with this
  // beginning fits.
  using State = core::detail::Vec<std::size_t>;

  explicit PatternStates(std::string_view pattern) {
    for (; !pattern.empty(); pattern.remove_prefix(parts_.back().size())) parts_.push_back(first_part(pattern));
  }

  [[nodiscard]] State begin() const { return with_stars({0}); }
  [[nodiscard]] State after(State state, std::string_view text) const {
    while (!text.empty() && !state.empty()) {
      const std::string_view character = first_character(text);
      State next;
      for (const std::size_t at : state) {
        if (at == parts_.size()) continue;
        if (parts_[at] == "*")
          next.push_back(at);
        else if (fits_character(parts_[at], character))
          next.push_back(at + 1);
      }
      state = with_stars(std::move(next));
      text.remove_prefix(character.size());
    }
    return state;
  }
  [[nodiscard]] bool fits(const State& state) const noexcept { return !state.empty() && state.back() == parts_.size(); }

 private:
  // Adds the states behind a star, which may stand for no text, and drops the states in front of a star, which never
  // fit more texts than the state at the star.
  [[nodiscard]] State with_stars(State state) const {
    for (std::size_t i = 0; i < state.size(); ++i)
      if (state[i] < parts_.size() && parts_[state[i]] == "*") state.push_back(state[i] + 1);
    core::detail::sort(state);
    std::size_t count = 0;  // of those that are there once
    for (const std::size_t each : state)
      if (count == 0 || each != state[count - 1]) state[count++] = each;
    state.resize(count);
    for (std::size_t i = state.size(); i-- > 0;)
      if (state[i] < parts_.size() && parts_[state[i]] == "*") {
        state.erase(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      }
    return state;
  }

  core::detail::Vec<std::string_view> parts_;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
