// How many members has this aggregate? Found by asking the compiler how many initialisers it takes, at most one more
// than `max_member_count`, so that the size of the struct does not matter.
//
//   struct Model { Variable<float> w; int step; };    Model{any, any} is well-formed, Model{any, any, any} is not: 2
//
// A C array counts each of its elements here (an initialiser list may leave its braces out), a base counts as one;
// require.hpp refuses both before anybody relies on the number.
#pragma once

#include "reflect_pfr.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"  // the conversions below are asked about, never made
#endif

namespace cairn::detail {

// Stands for a value of any type, as an lvalue: binds to what a copyable struct may hold, lvalue references included.
template <class Struct>
struct AnyLvalue {
  template <class Type>
  operator Type&() const& noexcept;  // NOLINT(google-explicit-constructor)
  template <class Type>
  operator Type&() const&& noexcept;  // NOLINT(google-explicit-constructor)
};

// The same as a prvalue: for members that can only be made in place or moved.
template <class Struct>
struct AnyPrvalue {
  template <class Type>
  operator Type() const&& noexcept;  // NOLINT(google-explicit-constructor)
};

template <class T>
using AnyMember = std::conditional_t<std::is_copy_constructible_v<T>, AnyLvalue<T>, AnyPrvalue<T>>;

template <class Any, std::size_t>
using Repeated = Any;

template <class T, std::size_t... I>
[[nodiscard]] constexpr bool takes_initialisers(std::index_sequence<I...>) noexcept {
  return requires { T{Repeated<AnyMember<T>, I>{}...}; };
}
template <class T, std::size_t n>
inline constexpr bool takes = takes_initialisers<T>(std::make_index_sequence<n>{});

// The least number of initialisers T takes: 0 unless a member has no default. `none_taken` when no number will do.
inline constexpr std::size_t none_taken = max_member_count + 2;
template <class T, std::size_t n = 0>
[[nodiscard]] constexpr std::size_t least_initialisers() noexcept {
  if constexpr (n > max_member_count)
    return none_taken;
  else if constexpr (takes<T, n>)
    return n;
  else
    return least_initialisers<T, n + 1>();
}

// The largest number in [low, high) that T takes, when it takes `low` and not `high`.
template <class T, std::size_t low, std::size_t high>
[[nodiscard]] constexpr std::size_t most_initialisers_between() noexcept {
  if constexpr (high - low == 1)
    return low;
  else if constexpr (takes<T, low + (high - low) / 2>)
    return most_initialisers_between<T, low + (high - low) / 2, high>();
  else
    return most_initialisers_between<T, low, low + (high - low) / 2>();
}

// Doubles the step until T takes no more, so that a small struct costs little; stops one above the limit.
template <class T, std::size_t low, std::size_t step = 4>
[[nodiscard]] constexpr std::size_t most_initialisers() noexcept {
  if constexpr (low + step > max_member_count) {
    if constexpr (takes<T, max_member_count + 1>)
      return max_member_count + 1;
    else
      return most_initialisers_between<T, low, max_member_count + 1>();
  } else if constexpr (takes<T, low + step>)
    return most_initialisers<T, low + step, step * 2>();
  else
    return most_initialisers_between<T, low, low + step>();
}

// 0..max_member_count, max_member_count + 1 for more, none_taken when the compiler accepts no initialisers at all.
template <class T>
[[nodiscard]] constexpr std::size_t count_initialisers() noexcept {
  constexpr std::size_t least = least_initialisers<T>();
  if constexpr (least == none_taken)
    return none_taken;
  else
    return most_initialisers<T, least>();
}
template <class T>
inline constexpr std::size_t initialiser_count = count_initialisers<T>();

}  // namespace cairn::detail

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
