// What did the user mean? The candidate nearest to a wrong name, by the number of letters to insert, remove or replace:
// for refusals at compile time and for messages at run time.
//
//   nearest("wieghts", {{"weights", "biases"}}) == "weights"
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

namespace cairn::detail {

// How many letters have to be inserted, removed or replaced to get from one text to the other; `limit` where it is at
// least that many, found without counting on. Of longer texts only the first `longest_compared` letters are read.
inline constexpr std::size_t longest_compared = 255;
[[nodiscard]] constexpr std::size_t edit_distance(
    std::string_view from, std::string_view to, std::size_t limit = std::numeric_limits<std::size_t>::max()) noexcept {
  from = from.substr(0, longest_compared);
  to = to.substr(0, longest_compared);
  const std::size_t difference = from.size() > to.size() ? from.size() - to.size() : to.size() - from.size();
  if (difference >= limit) return limit;
  // row[j]: from the letters of `from` so far to the first j of `to`.
  std::array<std::size_t, longest_compared + 1> row{};
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    std::size_t least = row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
      least = std::min(least, row[j + 1]);
    }
    if (least >= limit) return limit;
  }
  return std::min(row[to.size()], limit);
}

// The first of the nearest candidates; empty when there are none. A candidate of which `wrong` is the last part
// ("weights" for "model.weights") counts as one letter away.
struct Nearest {
  std::string_view wrong;
  std::size_t distance = std::numeric_limits<std::size_t>::max();

  // True when `candidate` is nearer than all before.
  constexpr bool offer(std::string_view candidate) noexcept {
    const bool is_last_part = !wrong.empty() && candidate.size() > wrong.size() && candidate.ends_with(wrong) &&
                              candidate[candidate.size() - wrong.size() - 1] == '.';
    const std::size_t found = is_last_part ? 1 : edit_distance(wrong, candidate, distance);
    if (found >= distance) return false;
    distance = found;
    return true;
  }
};

[[nodiscard]] constexpr std::string_view nearest(std::string_view wrong,
                                                 std::span<const std::string_view> candidates) noexcept {
  Nearest search{.wrong = wrong};
  std::string_view found;
  for (const std::string_view candidate : candidates)
    if (search.offer(candidate)) found = candidate;
  return found;
}

}  // namespace cairn::detail
