// nearest(): the candidate that the user may have meant by a wrong name. It is the nearest one by the number of letters
// to insert, remove or replace, if one is near. Refusals of the compiler and messages of Errors use it.
//
//   nearest("wieghts", {{"weights", "biases"}}) == "weights"
#pragma once

#include "../../version.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::reflect::detail {

// The number of letters to insert, remove or replace to get from one text to the other; `limit` where the number is
// `limit` or more, which is found without counting further. Only the first `longest_compared` letters are compared.
inline constexpr std::size_t longest_compared = 255;
[[nodiscard]] constexpr std::size_t edit_distance(
    std::string_view from, std::string_view to, std::size_t limit = std::numeric_limits<std::size_t>::max()) noexcept {
  from = from.substr(0, longest_compared);
  to = to.substr(0, longest_compared);
  const std::size_t difference = from.size() > to.size() ? from.size() - to.size() : to.size() - from.size();
  if (difference >= limit) return limit;
  // row[j] is the number for the letters of `from` that were read so far, and the first j letters of `to`.
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

// The largest number of letters that may differ between a wrong text and one that is near: a third, and never all.
[[nodiscard]] constexpr std::size_t most_that_differ(std::size_t letters) noexcept {
  return letters < 2 ? 0 : std::min((letters + 2) / 3, letters - 1);
}

// Removes the steps that both paths begin with or end with: "a.b.kernl" and "a.b.kernel" become "kernl" and "kernel".
// Steps are separated by dots or slashes.
constexpr void drop_common_steps(std::string_view& a, std::string_view& b) noexcept {
  const auto is_separator = [](char c) { return c == '.' || c == '/'; };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i)
    if (is_separator(a[i])) begin = i + 1;
  a.remove_prefix(begin);
  b.remove_prefix(begin);
  std::size_t end = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[a.size() - i - 1] == b[b.size() - i - 1]; ++i)
    if (is_separator(a[a.size() - i - 1])) end = i + 1;
  a.remove_suffix(end);
  b.remove_suffix(end);
}

// Finds the first of the nearest candidates, or none where no candidate is near. Only the steps of the paths that
// differ are compared. A candidate that ends with `wrong` ("kernel" for "model.dense.kernel"), or that has more steps
// in one place ("model.kernel" for "model.dense.kernel"), counts as one letter away.
struct Nearest {
  std::string_view wrong;
  std::size_t distance = std::numeric_limits<std::size_t>::max();

  // True when `candidate` is near, and nearer than all candidates before it.
  constexpr bool offer(std::string_view candidate) noexcept {
    std::string_view from = wrong, to = candidate;
    drop_common_steps(from, to);
    const bool is_last_part = !from.empty() && to.size() > from.size() && to.ends_with(from) &&
                              (to[to.size() - from.size() - 1] == '.' || to[to.size() - from.size() - 1] == '/');
    const std::size_t found =
        is_last_part ? 1 : edit_distance(from, to, std::min(distance, most_that_differ(from.size()) + 1));
    if (found >= distance || (!is_last_part && found > most_that_differ(from.size()))) return false;
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

// Offers a name and its scopes to the search: "a/b/c", "a/b" and "a". The one that is nearer than all candidates before
// it is copied into `found`.
inline void offer_with_scopes(Nearest& search, std::string_view name, std::string& found) {
  for (std::size_t end = 0; end != name.npos;) {
    end = name.find('/', end + 1);
    if (const std::string_view candidate = name.substr(0, end); search.offer(candidate)) found = candidate;
  }
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
