// sort: the engine's std::stable_sort. One function sorts numbers for all lists, and each list is then put into their
// order: g++ 12 -O0 makes 5 functions for an element type where std::sort takes 25 and std::stable_sort 40.
//
//   sort(names);
//   sort(entries, [](const Entry& a, const Entry& b) { return a.offset < b.offset; });
#pragma once

#include "function_ref.hpp"
#include "vec.hpp"

#include <cstddef>
#include <cstdint>

namespace CAIRN_NAMESPACE::core::detail {

// Returns the numbers from 0 to count - 1 in the order of the elements that they stand for, those of equal elements in
// their own order; an empty list says that the elements are in order as they are. It merges runs that are in order
// already, so a list that consists of a few of them takes a few comparisons for each element: the names of a list's
// elements are such a list ("0" to "9", "10" to "99", ...). At most 2^32 elements.
[[nodiscard]] inline Vec<std::uint32_t> sorted_order(std::size_t count,
                                                     FunctionRef<bool(std::size_t, std::size_t)> is_less) {
  Vec<std::uint32_t> ends, order;  // where each run ends
  for (std::size_t i = 1; i < count; ++i)
    if (is_less(i, i - 1)) ends.push_back(static_cast<std::uint32_t>(i));
  if (ends.empty()) return order;
  ends.push_back(static_cast<std::uint32_t>(count));
  order.resize(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = static_cast<std::uint32_t>(i);
  Vec<std::uint32_t> merged(count);
  while (ends.size() > 1) {  // merges two runs each
    std::size_t begin = 0, runs = 0;
    for (std::size_t run = 0; run < ends.size(); run += 2) {
      const std::size_t middle = ends[run], end = run + 1 < ends.size() ? ends[run + 1] : middle;
      std::size_t left = begin, right = middle;
      for (std::size_t to = begin; to < end; ++to)
        merged[to] =
            left < middle && (right == end || !is_less(order[right], order[left])) ? order[left++] : order[right++];
      ends[runs++] = static_cast<std::uint32_t>(end);
      begin = end;
    }
    ends.resize(runs);
    order.swap(merged);
  }
  return order;
}

// Returns the first of the numbers from 0 to count - 1 for which is_before(number) is false, count when there is none. It
// is true for all numbers before that one, and false for those behind.
template <class IsBefore>
[[nodiscard]] std::size_t lower_place(std::size_t count, const IsBefore& is_before) {
  std::size_t begin = 0;
  while (begin < count) {
    const std::size_t middle = begin + (count - begin) / 2;
    if (is_before(middle))
      begin = middle + 1;
    else
      count = middle;
  }
  return begin;
}

// Throws std::bad_alloc and what is_less throws; the elements are unchanged then.
template <class T, class Less>
void sort(T* first, T* last, const Less& is_less) {
  T* in_order = first;  // up to here; most lists are in order, and this loop calls nothing by a pointer
  while (in_order != last && (in_order == first || !is_less(*in_order, in_order[-1]))) ++in_order;
  if (in_order == last) return;
  const Vec<std::uint32_t> order =
      sorted_order(static_cast<std::size_t>(last - first),
                   [&](std::size_t a, std::size_t b) { return is_less(first[a], first[b]); });
  Vec<T> sorted;
  sorted.reserve(order.size());
  for (const std::uint32_t number : order) sorted.push_back(static_cast<T&&>(first[number]));
  for (T& each : sorted) *first++ = static_cast<T&&>(each);
}
// `list` is a Vec, a std::vector or a span.
template <class List, class Less>
void sort(List&& list, const Less& is_less) {
  sort(list.data(), list.data() + list.size(), is_less);
}
// By operator<.
template <class List>
void sort(List&& list) {
  sort(list, [](const auto& a, const auto& b) { return a < b; });
}

}  // namespace CAIRN_NAMESPACE::core::detail
