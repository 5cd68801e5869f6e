// The number of members of an aggregate. It is the number of initialisers that the compiler accepts; at most one more
// than `max_member_count` is tried, so that the size of the struct does not matter.
//
//   struct Model { Variable<float> w; int step; };    Model{any, any} is well-formed, Model{any, any, any} is not: 2
//
// Each element of a C array counts here, because an initialiser list may leave the array's braces out; a base class
// counts as one. require.hpp refuses both before the number is used.
#pragma once

#include "reflect_pfr.hpp"

#include <cstddef>
#include <exception>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

struct AnyType {
  template <class Type>
  static constexpr bool accepts = true;
};

// A std::vector (deque, list, map) claims to be copyable whatever its elements are; clang finds out too late that a
// vector of move-only elements is not, and stops. Such a member is made from a prvalue, as in a struct that cannot be
// copied.
template <class T>
concept is_container_of_move_only = requires {
  typename T::value_type;
  typename T::allocator_type;
} && !std::is_copy_constructible_v<typename T::value_type>;

// Stands for a value of any type that Filter accepts, as an lvalue: binds to whatever a copyable struct may hold,
// lvalue references included. The conversions are never called. They have bodies because clang 14 asks for them where
// std::optional of a struct without linkage is made.
template <class Filter>
struct AnyLvalue {
  template <class Type>
    requires(Filter::template accepts<Type> && is_container_of_move_only<Type>)
  operator Type() const noexcept {  // NOLINT(google-explicit-constructor)
    std::terminate();
  }
  template <class Type>
    requires(Filter::template accepts<Type> && !is_container_of_move_only<Type>)
  operator Type&() const& noexcept {  // NOLINT(google-explicit-constructor)
    std::terminate();
  }
  template <class Type>
    requires(Filter::template accepts<Type> && !is_container_of_move_only<Type>)
  operator Type&() const&& noexcept {  // NOLINT(google-explicit-constructor)
    std::terminate();
  }
};

// Stands for a value as AnyLvalue does, but as a prvalue: for members that can only be moved or made in place.
template <class Filter>
struct AnyPrvalue {
  template <class Type>
    requires(Filter::template accepts<Type>)
  operator Type() const&& noexcept {  // NOLINT(google-explicit-constructor)
    std::terminate();
  }
};

template <class T, class Filter = AnyType>
using Any = std::conditional_t<std::is_copy_constructible_v<T>, AnyLvalue<Filter>, AnyPrvalue<Filter>>;

template <class Initialiser, std::size_t>
using Repeated = Initialiser;

template <class T, std::size_t... I>
[[nodiscard]] constexpr bool takes_initialisers(std::index_sequence<I...>) noexcept {
  return requires { T{Repeated<Any<T>, I>{}...}; };
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

// The largest number in [low, high) that T takes, where it takes `low` and not `high`.
template <class T, std::size_t low, std::size_t high>
[[nodiscard]] constexpr std::size_t most_initialisers_between() noexcept {
  constexpr std::size_t middle = low + (high - low) / 2;
  if constexpr (middle == low)
    return low;
  else if constexpr (takes<T, middle>)
    return most_initialisers_between<T, middle, high>();
  else
    return most_initialisers_between<T, low, middle>();
}

// Doubles the step until T takes no more, so that a small struct costs little. Ends at `limit`.
template <class T, std::size_t low, std::size_t step = 4, std::size_t limit = max_member_count + 1>
[[nodiscard]] constexpr std::size_t most_initialisers() noexcept {
  constexpr std::size_t high = low + step < limit ? low + step : limit;
  if constexpr (!takes<T, high>)
    return most_initialisers_between<T, low, high>();
  else if constexpr (high == limit)
    return limit;
  else
    return most_initialisers<T, high, step * 2, limit>();
}

// The number of initialisers of T: 0 to max_member_count, max_member_count + 1 for more than that, and none_taken when
// the compiler accepts no number of initialisers.
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

struct NoType {
  template <class Type>
  static constexpr bool accepts = false;
};

// True when the initialiser before which `Before` others stand may be of a type that Filter accepts, and is not of one
// that takes anything at all (std::any).
template <class T, class Filter, std::size_t... Before, std::size_t... After>
[[nodiscard]] constexpr bool takes_only(std::index_sequence<Before...>, std::index_sequence<After...>) noexcept {
  return requires { T{Repeated<Any<T>, Before>{}..., Any<T, Filter>{}, Repeated<Any<T>, After>{}...}; } &&
         !requires { T{Repeated<Any<T>, Before>{}..., Any<T, NoType>{}, Repeated<Any<T>, After>{}...}; };
}

// True when T has a base class. A base is initialised before the members, and only a base has a type that is a base of
// T.
template <class T>
struct BaseOf {
  template <class Type>
  static constexpr bool accepts = std::is_base_of_v<Type, T> && !std::is_same_v<Type, T>;
};
template <class T, std::size_t count>
[[nodiscard]] constexpr bool begins_with_base() noexcept {
  return takes_only<T, BaseOf<T>>(std::index_sequence<>{}, std::make_index_sequence<count - 1>{});
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
