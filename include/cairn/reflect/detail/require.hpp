// require_plain_struct: the conditions for taking a struct apart into its members. They are checked once for a struct,
// before Boost.PFR sees it. A struct that does not meet them is refused in one sentence; the struct, and the member and
// its type where they are known, are the arguments of the class template that refuses (refusals.hpp).
#pragma once

#include "../../core/detail/refuse.hpp"
#include "member_names.hpp"
#include "reflect_hidden.hpp"
#include "refusals.hpp"
#include "spelled.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

#if !defined(__cpp_aggregate_paren_init)
// clang before 16 finds no anonymous member before it is bound (reflect_hidden.hpp). So one is refused in the middle of
// a question about all members, by the type that comes to light there; the answer is of no interest.
template <class T, class Type>
[[nodiscard]] constexpr bool require_named_type() noexcept {
  if constexpr (is_anonymous<Type>())
    return core::detail::refuse<this_struct_cannot_be_tracked<T, because::it_has_an_anonymous_member>>();
  else
    return true;
}
template <class T>
struct NamedTypes {
  template <class Type>
  static constexpr bool accepts = require_named_type<T, Type>();
};
template <class T, std::size_t... I>
[[nodiscard]] constexpr bool require_no_anonymous_member(std::index_sequence<I...>) noexcept {
  return requires { T{Repeated<Any<T, NamedTypes<T>>, I>{}...}; };
}
#endif

// The refusal of the whole struct, before its members are bound.
template <class T>
[[nodiscard]] constexpr because why_struct_is_refused() noexcept {
  if constexpr (!std::is_class_v<T> || !std::is_aggregate_v<T>) {
    return because::it_is_not_an_aggregate;
  } else {
    constexpr std::size_t count = initialiser_count<T>;
    if constexpr (count == none_taken || takes_one_more<T>(std::make_index_sequence<count>{})) {
      return because::its_members_cannot_be_counted;
    } else if constexpr (count > 0) {
      if constexpr (begins_with_base<T, count>()) return because::it_has_a_base_class;
#if !defined(__cpp_aggregate_paren_init)
      static_cast<void>(require_no_anonymous_member<T>(std::make_index_sequence<count>{}));
#endif
      constexpr HiddenMembers hidden = find_hidden<T>();
      if constexpr (hidden.anonymous != nowhere) return because::it_has_an_anonymous_member;
      if constexpr (hidden.c_array != nowhere) return because::it_is_a_c_array;
      if constexpr (count > max_member_count) return because::it_has_too_many_members;
    }
    return because::nothing;
  }
}

// A reference or a bit-field anywhere makes the place of every member unknown to the compiler.
template <class T, std::size_t count>
concept HasPlaces = count == 0 || requires { typename std::bool_constant<(address_of_member<T, count, 0>(), true)>; };

template <class T, std::size_t count, std::size_t I>
[[nodiscard]] constexpr because why_member_is_refused() noexcept {
  if constexpr (std::is_array_v<BoundMember<T, count, I>>)
    return because::it_is_a_c_array;
  else if constexpr (std::is_volatile_v<BoundMember<T, count, I>>)
    return because::it_is_volatile;
  else if constexpr (HasPlaces<T, count>)
    return because::nothing;
  else if constexpr (is_lvalue_reference<T, count, I>())
    return because::it_is_a_reference;
  else
    return because::nothing;
}

template <class T, std::size_t count, std::size_t I>
struct MemberText {
  static constexpr std::string_view text = name_at<T, address_of_member<T, count, I>()>();
};

// The refusal of a struct or of one of its members; void where the struct can be taken apart. It is a type and no
// error, so that a caller can refuse where the user's file is near (can_be_tracked.hpp).
template <class Refusal>
using Refused = std::type_identity<Refusal>;

template <class T, std::size_t count, std::size_t I>
[[nodiscard]] consteval auto refusal_of_bound_member() noexcept {
  constexpr because reason = why_member_is_refused<T, count, I>();
  if constexpr (reason == because::nothing)
    return Refused<void>{};
  else if constexpr (reason == because::it_is_a_c_array && HasPlaces<T, count>)
    return Refused<
        this_member_cannot_be_tracked<T, Spelled<MemberText<T, count, I>>, BoundMember<T, count, I>, reason>>{};
  else
    return Refused<this_member_cannot_be_tracked<T, member_at<I>, BoundMember<T, count, I>, reason>>{};
}

template <class T, std::size_t... I>
[[nodiscard]] consteval std::size_t first_refused_member(std::index_sequence<I...>) noexcept {
  std::size_t first = 0;
  static_cast<void>(((why_member_is_refused<T, sizeof...(I), I>() != because::nothing || (++first, false)) || ...));
  return first;
}

// The refusal of a struct with C arrays, which make the count of members wrong. It has the name and type of the first
// array, where the right count can be found.
template <class T>
[[nodiscard]] consteval auto refusal_of_c_array() noexcept {
  constexpr std::size_t index = find_hidden<T>().c_array;
  constexpr std::size_t count = member_count_with_c_arrays<T>();
  if constexpr (count > 0 && count <= max_member_count && find_hidden<T>().anonymous == nowhere)
    return refusal_of_bound_member<T, count, index>();
  else
    return Refused<this_member_cannot_be_tracked<T, member_at<index>, not_known, because::it_is_a_c_array>>{};
}

template <class T>
[[nodiscard]] consteval auto find_struct_refusal() noexcept {
  constexpr because reason = why_struct_is_refused<T>();
  if constexpr (reason == because::it_is_a_c_array) {
    return refusal_of_c_array<T>();
  } else if constexpr (reason != because::nothing) {
    return Refused<this_struct_cannot_be_tracked<T, reason>>{};
  } else {
    constexpr std::size_t count = initialiser_count<T>;
    constexpr std::size_t first = first_refused_member<T>(std::make_index_sequence<count>{});
    if constexpr (first != count)
      return refusal_of_bound_member<T, count, first>();
    else if constexpr (!HasPlaces<T, count>)
      return Refused<this_struct_cannot_be_tracked<T, because::it_has_a_bit_field>>{};
    else
      return Refused<void>{};
  }
}
template <class T>
using RefusalOfStruct = typename decltype(find_struct_refusal<T>())::type;

// Refuses a struct that cannot be taken apart. It returns false then, and the caller must not bind the members.
template <class T>
[[nodiscard]] constexpr bool require_plain_struct() noexcept {
  if constexpr (std::is_void_v<RefusalOfStruct<T>>)
    return true;
  else
    return core::detail::refuse<RefusalOfStruct<T>>();
}

template <class T>
inline constexpr bool can_be_taken_apart = require_plain_struct<T>();

}  // namespace CAIRN_NAMESPACE::reflect::detail
