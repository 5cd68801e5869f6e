// Finds the member that is a C array. An initialiser list without inner braces counts each element of an array, so that
// the number of members (reflect_count.hpp) is wrong. Such a struct is refused; the functions here find the name of the
// array for the refusal.
#pragma once

#include "reflect_count.hpp"

#include <cstddef>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

// Only a C array takes two initialisers in braces and thereby fewer after them than a single member would leave.
template <class T, std::size_t... Before, std::size_t... After>
[[nodiscard]] constexpr bool takes_two_in_braces(std::index_sequence<Before...>,
                                                 std::index_sequence<After...>) noexcept {
  return requires { T{Repeated<Any<T>, Before>{}..., {Any<T>{}, Any<T>{}}, Repeated<Any<T>, After>{}...}; };
}
template <class T, std::size_t count, std::size_t I>
[[nodiscard]] constexpr bool is_c_array() noexcept {
  using Before = std::make_index_sequence<I>;
  if constexpr (I + 1 >= count)
    return false;  // an array of one element, if any: counted rightly, and seen by its type when bound
  else if constexpr (takes_two_in_braces<T>(Before{}, std::index_sequence<>{}) ||
                     (!takes<T, 0> && takes_two_in_braces<T>(Before{}, std::make_index_sequence<count - I - 2>{})))
    return !takes_two_in_braces<T>(Before{}, std::make_index_sequence<count - I - 1>{});
  else
    return false;
}

// The first C array among `count` initialisers, or `count`.
template <class T, std::size_t count, std::size_t I = 0>
[[nodiscard]] constexpr std::size_t first_c_array() noexcept {
  if constexpr (I == count || is_c_array<T, count, I>())
    return I;
  else
    return first_c_array<T, count, I + 1>();
}

// The largest number in [low, high) of elements that the array at I takes in braces; it takes `low` and not `high`.
template <class T, std::size_t... Before, std::size_t... Inside>
[[nodiscard]] constexpr bool takes_in_braces(std::index_sequence<Before...>, std::index_sequence<Inside...>) noexcept {
  return requires { T{Repeated<Any<T>, Before>{}..., {Repeated<Any<T>, Inside>{}...}}; };
}
template <class T, std::size_t I, std::size_t low, std::size_t high>
[[nodiscard]] constexpr std::size_t c_array_size() noexcept {
  constexpr std::size_t middle = low + (high - low) / 2;
  if constexpr (middle == low)
    return low;
  else if constexpr (takes_in_braces<T>(std::make_index_sequence<I>{}, std::make_index_sequence<middle>{}))
    return c_array_size<T, I, middle, high>();
  else
    return c_array_size<T, I, low, middle>();
}

// The number of members among the initialisers from I on, arrays counted once. `flat` is the number of initialisers.
template <class T, std::size_t flat, std::size_t I = 0>
[[nodiscard]] constexpr std::size_t count_arrays_once() noexcept {
  if constexpr (I == flat)
    return 0;
  else if constexpr (is_c_array<T, flat, I>())
    return 1 + count_arrays_once<T, flat, I + c_array_size<T, I, 1, flat - I + 1>()>();
  else
    return 1 + count_arrays_once<T, flat, I + 1>();
}

// The number of members of a struct with C arrays, or 0 where that is too much work: arrays with more elements than
// this in all, members without a default.
inline constexpr std::size_t most_elements = 1'000;
template <class T>
[[nodiscard]] constexpr std::size_t member_count_with_c_arrays() noexcept {
  if constexpr (takes<T, 0> && !takes<T, most_elements>)
    return count_arrays_once<T, most_initialisers<T, 0, 4, most_elements>()>();
  else
    return 0;
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
