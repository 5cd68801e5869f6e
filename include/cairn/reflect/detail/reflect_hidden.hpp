// Finds C arrays and anonymous unions, which make the count of members (reflect_count.hpp) wrong: an initialiser list
// counts each element of a C array, and an anonymous union cannot be bound at all. require.hpp refuses a struct with
// either of them before Boost.PFR binds to a wrong number of members.
//
// The sure tests ask about every member; before them stands one question about the whole struct that nearly always
// answers "neither".
#pragma once

#include "reflect_c_arrays.hpp"
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

namespace CAIRN_NAMESPACE::reflect::detail {

// True for an anonymous union or struct: neither its type nor the member has a name. clang spells it "Model::(anonymous
// union at model.hpp:3:3)"; where only the type has no name, it spells "(unnamed union at ...)". g++ never makes an
// anonymous union from a value: takes_one_more() finds it there.
template <class T>
[[nodiscard]] constexpr bool is_anonymous() noexcept {
#if defined(__clang__)
  if constexpr (requires { requires sizeof(T) > 0 && std::is_class_v<T> && std::is_aggregate_v<T>; } ||
                std::is_union_v<T>) {
    const std::string_view text = __PRETTY_FUNCTION__;
    std::size_t begin = text.rfind("(anonymous union at ");
    if (begin == text.npos) begin = text.rfind("(anonymous struct at ");
    return begin != text.npos && text.find("::", begin) == text.npos && text.ends_with(")]");
  }
#endif
  return false;
}

struct Anonymous {
  template <class Type>
  static constexpr bool accepts = is_anonymous<Type>();
};
struct AllButAnonymous {
  template <class Type>
  static constexpr bool accepts = !is_anonymous<Type>();
};

// The first anonymous union or struct among `count` initialisers, or `count`.
template <class T, std::size_t count, std::size_t I = 0>
[[nodiscard]] constexpr std::size_t first_anonymous() noexcept {
  if constexpr (I == count)
    return I;
  else if constexpr (takes_only<T, Anonymous>(std::make_index_sequence<I>{}, std::make_index_sequence<count - I - 1>{}))
    return I;
  else
    return first_anonymous<T, count, I + 1>();
}

// After `I...` initialisers comes a member that cannot be made from any value, but from nothing: g++ sees an anonymous
// union or struct so.
template <class T, std::size_t... I>
[[nodiscard]] constexpr bool takes_one_more(std::index_sequence<I...>) noexcept {
  return sizeof...(I) <= max_member_count && requires { T{Repeated<Any<T>, I>{}..., {}}; };
}

template <class T, std::size_t... Before, std::size_t... After>
[[nodiscard]] constexpr bool takes_prvalue(std::index_sequence<Before...>, std::index_sequence<After...>) noexcept {
  return requires { T{Repeated<Any<T>, Before>{}..., AnyPrvalue<AnyType>{}, Repeated<Any<T>, After>{}...}; };
}

struct ConstType {
  template <class Type>
  static constexpr bool accepts = std::is_const_v<Type>;
};

// True when member I is an lvalue reference. A member that takes lvalues of const types and nothing else is a reference
// to a const type; a member that takes no prvalue is a reference to a type that is not const.
template <class T, std::size_t count, std::size_t I>
[[nodiscard]] constexpr bool is_lvalue_reference() noexcept {
  using Before = std::make_index_sequence<I>;
  using After = std::make_index_sequence<count - I - 1>;
  return std::is_copy_constructible_v<T> &&
         (takes_only<T, ConstType>(Before{}, After{}) || !takes_prvalue<T>(Before{}, After{}));
}

#if defined(__cpp_aggregate_paren_init)

// Parentheses never let an initialiser reach into an array or a union. (A single one in them would be a copy of T.)
template <class T, std::size_t... I>
[[nodiscard]] constexpr bool surely_nothing_hidden(std::index_sequence<I...>) noexcept {
  return sizeof...(I) > 1 && requires { T(Repeated<Any<T, AllButAnonymous>, I>{}...); };
}

#else

// clang before 16 knows no parentheses for aggregates, but {} is the whole of an array, too; it does not reveal a
// union (see require.hpp). A list of {} cannot be made from a pack; so it is written out for powers of two, once at
// the begin and once at the end of the members.
#define CAIRN_DEFAULTS_2 \
  {}, {}
#define CAIRN_DEFAULTS_4 CAIRN_DEFAULTS_2, CAIRN_DEFAULTS_2
#define CAIRN_DEFAULTS_8 CAIRN_DEFAULTS_4, CAIRN_DEFAULTS_4
#define CAIRN_DEFAULTS_16 CAIRN_DEFAULTS_8, CAIRN_DEFAULTS_8
#define CAIRN_DEFAULTS_32 CAIRN_DEFAULTS_16, CAIRN_DEFAULTS_16
#define CAIRN_DEFAULTS_64 CAIRN_DEFAULTS_32, CAIRN_DEFAULTS_32
#define CAIRN_TAKES_DEFAULTS(n)                                             \
  (                                                                         \
      requires { T{CAIRN_DEFAULTS_##n, Repeated<Any<T>, Others>{}...}; } && \
      requires { T{Repeated<Any<T>, Others>{}..., CAIRN_DEFAULTS_##n}; })

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

// The positions among the initialisers of the first C array and of the first anonymous union or struct.
inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
struct HiddenMembers {
  std::size_t c_array = nowhere;
  std::size_t anonymous = nowhere;
};

template <class T>
[[nodiscard]] constexpr HiddenMembers find_hidden() noexcept {
  constexpr std::size_t count = initialiser_count<T>;
  if constexpr (surely_nothing_hidden<T>(std::make_index_sequence<count>{})) {
    return {};
  } else {
    constexpr std::size_t c_array = first_c_array<T, count>();
    constexpr std::size_t anonymous = first_anonymous<T, count>();
    return {c_array == count ? nowhere : c_array, anonymous == count ? nowhere : anonymous};
  }
}

}  // namespace CAIRN_NAMESPACE::reflect::detail

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
