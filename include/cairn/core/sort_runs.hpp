// std::sort for what comes in a few sorted runs, as the names of a list do: 0 to 9, 10 to 99, 100 to 999, ...
//
//   sort_runs(names.begin(), names.end());
#pragma once

#include <algorithm>
#include <functional>

namespace cairn::detail {

// Takes memory for the merges where there is any.
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

}  // namespace cairn::detail
