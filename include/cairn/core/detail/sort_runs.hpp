// sort_runs: std::sort for a range of a few sorted runs. The names of a list's elements are such a range: "0" to "9",
// "10" to "99", "100" to "999", ...
//
//   sort_runs(names.begin(), names.end());
#pragma once

#include "tree.hpp"

#include <algorithm>
#include <functional>

namespace cairn::core::detail {

// Merges the runs; a range of more than max_runs runs is given to std::sort. std::inplace_merge takes memory for a
// buffer if it gets any, and is slower without.
template <class Iterator, class Less = std::less<>>
void sort_runs(Iterator begin, Iterator end, const Less& is_less = {}) {
  constexpr int max_runs = 8;
  Iterator sorted = std::is_sorted_until(begin, end, is_less);
  for (int runs = 1; sorted != end; ++runs) {
    if (runs == max_runs) return std::sort(begin, end, is_less);
    const Iterator next = std::is_sorted_until(sorted, end, is_less);
    std::inplace_merge(begin, sorted, next, is_less);
    sorted = next;
  }
}

}  // namespace cairn::core::detail
