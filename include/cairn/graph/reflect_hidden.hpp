// What makes the count of members (reflect_count.hpp) differ from what can be bound: a C array, of which an initialiser
// list counts each element, and a union without a name, which cannot be bound at all. require.hpp refuses a struct with
// either before Boost.PFR binds to a wrong number of members.
//
// The sure tests ask about every member; before them stands one question about the whole struct that nearly always
// answers "neither".
#pragma once

#include "reflect_count.hpp"

#include <bit>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"  // the conversions below are asked about, never made
#endif

namespace cairn::detail {

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

// The compilers spell it "Model::<unnamed union>", "Model::(anonymous union at model.hpp:3:3)".
template <class T>
[[nodiscard]] constexpr bool is_unnamed_union() noexcept {
  if constexpr (std::is_union_v<T>) {
    const std::string_view text = __PRETTY_FUNCTION__;
    return text.find("<unnamed union>") != text.npos || text.find("(anonymous union") != text.npos ||
           text.find("(unnamed union") != text.npos;
  } else {
    return false;
  }
}

struct UnnamedUnion {
  template <class Type>
  static constexpr bool accepts = is_unnamed_union<Type>();
};
struct AllButUnnamedUnion {
  template <class Type>
  static constexpr bool accepts = !is_unnamed_union<Type>();
};

// The first union without a name among `count` initialisers, or `count`.
template <class T, std::size_t count, std::size_t I = 0>
[[nodiscard]] constexpr std::size_t first_unnamed_union() noexcept {
  if constexpr (I == count)
    return I;
  else if constexpr (takes_only<T, UnnamedUnion>(std::make_index_sequence<I>{},
                                                 std::make_index_sequence<count - I - 1>{}))
    return I;
  else
    return first_unnamed_union<T, count, I + 1>();
}

#if defined(__cpp_aggregate_paren_init)

// Parentheses never let an initialiser reach into an array or a union. (A single one in them would be a copy of T.)
template <class T, std::size_t... I>
[[nodiscard]] constexpr bool surely_nothing_hidden(std::index_sequence<I...>) noexcept {
  return sizeof...(I) > 1 && requires { T(Repeated<Any<T, AllButUnnamedUnion>, I>{}...); };
}

#else

// clang before 16 knows no parentheses for aggregates, but {} is the whole of an array, too; a union it does not
// reveal, so that there the compiler's own words must do. A list of {} cannot be made from a pack; so it is written out
// for powers of two, once at the begin and once at the end of the members.
#define CAIRN_DEFAULTS_2 \
  {}, {}
#define CAIRN_DEFAULTS_4 CAIRN_DEFAULTS_2, CAIRN_DEFAULTS_2
#define CAIRN_DEFAULTS_8 CAIRN_DEFAULTS_4, CAIRN_DEFAULTS_4
#define CAIRN_DEFAULTS_16 CAIRN_DEFAULTS_8, CAIRN_DEFAULTS_8
#define CAIRN_DEFAULTS_32 CAIRN_DEFAULTS_16, CAIRN_DEFAULTS_16
#define CAIRN_DEFAULTS_64 CAIRN_DEFAULTS_32, CAIRN_DEFAULTS_32
#define CAIRN_TAKES_DEFAULTS(n)                               \
  (                                                           \
      requires {                                              \
        T{CAIRN_DEFAULTS_##n, Repeated<Any<T>, Others>{}...}; \
      } &&                                                    \
      requires {                                              \
        T{Repeated<Any<T>, Others>{}..., CAIRN_DEFAULTS_##n}; \
      })

template <class T, std::size_t defaults, std::size_t... Others>
[[nodiscard]] constexpr bool takes_defaults(std::index_sequence<Others...>) noexcept {
  if constexpr (defaults == 2)
    return CAIRN_TAKES_DEFAULTS(2);
  else if constexpr (defaults == 4)
    return CAIRN_TAKES_DEFAULTS(4);
  else if constexpr (defaults == 8)
    return CAIRN_TAKES_DEFAULTS(8);
  else if constexpr (defaults == 16)
    return CAIRN_TAKES_DEFAULTS(16);
  else if constexpr (defaults == 32)
    return CAIRN_TAKES_DEFAULTS(32);
  else
    return CAIRN_TAKES_DEFAULTS(64);
}

#undef CAIRN_TAKES_DEFAULTS
#undef CAIRN_DEFAULTS_64
#undef CAIRN_DEFAULTS_32
#undef CAIRN_DEFAULTS_16
#undef CAIRN_DEFAULTS_8
#undef CAIRN_DEFAULTS_4
#undef CAIRN_DEFAULTS_2

template <class T, std::size_t... I>
[[nodiscard]] constexpr bool surely_nothing_hidden(std::index_sequence<I...>) noexcept {
  constexpr std::size_t count = sizeof...(I);
  if constexpr (count <= 1)
    return false;
  else
    return takes_defaults<T, std::bit_floor(count)>(std::make_index_sequence<count - std::bit_floor(count)>{});
}

#endif

// Where the first C array and the first union without a name stand among the initialisers.
inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
struct Hidden {
  std::size_t c_array = nowhere;
  std::size_t unnamed_union = nowhere;
};

template <class T>
[[nodiscard]] constexpr Hidden find_hidden() noexcept {
  constexpr std::size_t count = initialiser_count<T>;
  if constexpr (surely_nothing_hidden<T>(std::make_index_sequence<count>{})) {
    return {};
  } else {
    constexpr std::size_t c_array = first_c_array<T, count>();
    constexpr std::size_t unnamed_union = first_unnamed_union<T, count>();
    return {c_array == count ? nowhere : c_array, unnamed_union == count ? nowhere : unnamed_union};
  }
}

}  // namespace cairn::detail

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
