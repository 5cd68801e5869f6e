// What a struct must be to be taken apart into its members. Asked once per struct, before Boost.PFR sees it; whatever
// is wrong is refused in one sentence, and the struct - with the member and its type, where they can be known - stands
// in the name of the class template that refuses, so that compilers print it in their first lines.
//
//   this_struct_cannot_be_tracked<Model, because::it_has_a_base_class>
//   this_member_cannot_be_tracked<Model, spelled<{"log"}>, std::thread, because::its_type_is_unknown>
#pragma once

#include "../core/refuse.hpp"
#include "member_names.hpp"
#include "reflect_hidden.hpp"
#include "spelled.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace cairn::detail {

enum class because {
  nothing,  // it can be tracked
  // the struct
  it_is_not_an_aggregate,
  it_has_a_base_class,
  it_has_an_anonymous_member,
  its_members_cannot_be_counted,
  it_has_a_bit_field,
  it_has_too_many_members,
  // the member
  it_is_a_c_array,
  it_is_a_reference,
  it_is_volatile,
  it_is_const,
  it_is_a_weak_pointer,
  its_type_is_unknown,
};

template <class Struct, because reason>
struct this_struct_cannot_be_tracked {
  static_assert(reason != because::it_is_not_an_aggregate,
                "cairn: this class cannot be taken apart into members: it has private members, a constructor or a "
                "virtual function. Make it a plain struct, or give it a cereal serialize function.");
  static_assert(reason != because::it_has_a_base_class,
                "cairn: this struct has a base class, and Boost.PFR can only take structs without one apart. Make the "
                "base its first member, or give the struct a cereal serialize function.");
  static_assert(reason != because::it_has_an_anonymous_member,
                "cairn: this struct holds a union or struct without a name, which no library can take apart. Give it a "
                "name or use std::variant, or give the struct a cereal serialize function.");
  static_assert(reason != because::its_members_cannot_be_counted,
                "cairn: the members of this struct cannot be counted. It holds a union or struct without a name, a "
                "reference beside members that can only be moved, or something else that cannot be made from a "
                "value. Use a std::variant or a pointer instead, or give the struct a cereal serialize function.");
  static_assert(reason != because::it_has_a_bit_field,
                "cairn: this struct has a bit-field (or an rvalue reference), which has no address to restore it to. "
                "Make it a whole member, or give the struct a cereal serialize function.");
  static_assert(reason != because::it_has_too_many_members,
                "cairn: this struct has more than 100 members, the most that Boost.PFR can take apart. Group some of "
                "them into a struct, a std::vector or a std::map, or give the struct a cereal serialize function.");
};

// The member of a struct that has no readable name, by its place: 0 is the first.
template <std::size_t index>
struct member_at;
// A type that cannot be found out.
struct not_known;

template <class Struct, class Member, class Type, because reason>
struct this_member_cannot_be_tracked {
  static_assert(reason != because::its_type_is_unknown,
                "cairn: this member cannot be saved. Make it a Variable or a plain struct of such, give its class a "
                "cereal serialize function (of a standard type: include cereal's header for it, as in "
                "<cereal/types/map.hpp>), or mark it not_saved.");
  static_assert(reason != because::it_is_const,
                "cairn: this member is const, or leads to something const, and a restore writes to it. Leave const "
                "out, or mark it not_saved.");
  static_assert(reason != because::it_is_a_weak_pointer,
                "cairn: this member is a weak_ptr to a class with virtual functions, which nothing would own after a "
                "restore. Save a shared_ptr to the object, and mark the weak_ptr not_saved.");
  static_assert(reason != because::it_is_a_c_array,
                "cairn: this member is a C array, which hides how many members the struct has. Make it a Variable or a "
                "std::array.");
  static_assert(reason != because::it_is_a_reference,
                "cairn: this member is a reference. Make it a pointer or a std::reference_wrapper, which are followed "
                "to what they refer to.");
  static_assert(reason != because::it_is_volatile,
                "cairn: this member is volatile. Make it a std::atomic or leave volatile out.");
};

#if !defined(__cpp_aggregate_paren_init)
// clang before 16 finds no anonymous member before it is bound (reflect_hidden.hpp). So one is refused in the middle of
// a question about all members, by the type that comes to light there; the answer is of no interest.
template <class T, class Type>
[[nodiscard]] constexpr bool require_named_type() noexcept {
  if constexpr (is_anonymous<Type>())
    return refuse<this_struct_cannot_be_tracked<T, because::it_has_an_anonymous_member>>();
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

// Of the whole struct, before its members are bound.
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

template <class T, std::size_t count, std::size_t I>
[[nodiscard]] constexpr bool require_member() noexcept {
  constexpr because reason = why_member_is_refused<T, count, I>();
  if constexpr (reason == because::nothing)
    return true;
  else if constexpr (reason == because::it_is_a_c_array && HasPlaces<T, count>)
    return refuse<
        this_member_cannot_be_tracked<T, Spelled<MemberText<T, count, I>>, BoundMember<T, count, I>, reason>>();
  else
    return refuse<this_member_cannot_be_tracked<T, member_at<I>, BoundMember<T, count, I>, reason>>();
}

template <class T, std::size_t... I>
[[nodiscard]] constexpr bool require_members(std::index_sequence<I...>) noexcept {
  constexpr std::size_t count = sizeof...(I);
  if constexpr (!(require_member<T, count, I>() && ...))
    return false;
  else if constexpr (!HasPlaces<T, count>)
    return refuse<this_struct_cannot_be_tracked<T, because::it_has_a_bit_field>>();
  else
    return true;
}

// Of a C array that made the count wrong: its name and type, where the right count can be found.
template <class T>
[[nodiscard]] constexpr bool refuse_c_array() noexcept {
  constexpr std::size_t index = find_hidden<T>().c_array;
  constexpr std::size_t count = member_count_with_c_arrays<T>();
  if constexpr (count > 0 && count <= max_member_count && find_hidden<T>().anonymous == nowhere)
    return require_member<T, count, index>();
  else
    return refuse<this_member_cannot_be_tracked<T, member_at<index>, not_known, because::it_is_a_c_array>>();
}

// False after the refusal: whoever goes on must not bind the members then.
template <class T>
[[nodiscard]] constexpr bool require_plain_struct() noexcept {
  constexpr because reason = why_struct_is_refused<T>();
  if constexpr (reason == because::it_is_a_c_array)
    return refuse_c_array<T>();
  else if constexpr (reason != because::nothing)
    return refuse<this_struct_cannot_be_tracked<T, reason>>();
  else
    return require_members<T>(std::make_index_sequence<initialiser_count<T>>{});
}

template <class T>
inline constexpr bool can_be_taken_apart = require_plain_struct<T>();

}  // namespace cairn::detail
