// What a struct must be to be taken apart into its members. Asked once per struct, before Boost.PFR sees it; whatever
// is wrong is refused in one sentence, and the struct - with the member and its type, where they can be known - stands
// in the name of the class template that refuses, so that compilers print it in their first lines.
//
//   this_struct_cannot_be_tracked<Model, because::it_has_a_base_class>
//   this_member_cannot_be_tracked<Model, spelled<{"log"}>, std::thread, because::its_type_is_unknown>
#pragma once

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
  it_has_an_unnamed_union,
  its_members_cannot_be_counted,
  it_has_too_many_members,
  // the member
  it_is_a_c_array,
  it_is_a_reference_or_bit_field,
  it_is_volatile,
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
  static_assert(reason != because::it_has_an_unnamed_union,
                "cairn: this struct holds a union without a name, of which nobody can tell the member in use. Use "
                "std::variant, or give the struct a cereal serialize function.");
  static_assert(reason != because::its_members_cannot_be_counted,
                "cairn: the members of this struct cannot be counted, as one of them can neither be copied nor made "
                "from a value (a reference beside members that only move, for instance). Make it a pointer, or give "
                "the struct a cereal serialize function.");
  static_assert(reason != because::it_has_too_many_members,
                "cairn: this struct has more than 100 members, the most that Boost.PFR can take apart. Group some of "
                "them into a struct, a std::vector or a std::map, or give the struct a cereal serialize function.");
};

// Instantiates a refusal, which thereby ends the compilation. A value, so that compilers go on without a second error.
template <class Refusal>
inline constexpr bool refused = sizeof(Refusal) != 0;

// The member of a struct that has no readable name, by its place: 0 is the first.
template <std::size_t index>
struct member_at;
// A type that cannot be found out.
struct not_known;

template <class Struct, class Member, class Type, because reason>
struct this_member_cannot_be_tracked {
  static_assert(reason != because::its_type_is_unknown,
                "cairn: this member cannot be saved. Make it a Variable or a plain struct of such, give its class a "
                "cereal serialize function, or mark it not_saved.");
  static_assert(reason != because::it_is_a_c_array,
                "cairn: this member is a C array, which hides how many members the struct has. Make it a Variable or a "
                "std::array.");
  static_assert(reason != because::it_is_a_reference_or_bit_field,
                "cairn: this member is a reference or a bit-field, which has no place of its own in the struct. Make "
                "the reference a pointer or std::reference_wrapper, the bit-field a whole member.");
  static_assert(reason != because::it_is_volatile,
                "cairn: this member is volatile. Make it a std::atomic or leave volatile out.");
};

// Of the whole struct, before its members are bound.
template <class T>
[[nodiscard]] constexpr because why_struct_is_refused() noexcept {
  if constexpr (!std::is_class_v<T> || !std::is_aggregate_v<T>) {
    return because::it_is_not_an_aggregate;
  } else {
    constexpr std::size_t count = initialiser_count<T>;
    if constexpr (count == none_taken || (count == 0 && !std::is_empty_v<T>)) {
      return because::its_members_cannot_be_counted;
    } else if constexpr (count > 0) {
      if constexpr (begins_with_base<T, count>()) return because::it_has_a_base_class;
      constexpr Hidden hidden = find_hidden<T>();
      if constexpr (hidden.unnamed_union != nowhere) return because::it_has_an_unnamed_union;
      if constexpr (hidden.c_array != nowhere) return because::it_is_a_c_array;
      if constexpr (count > max_member_count) return because::it_has_too_many_members;
    }
    return because::nothing;
  }
}

// Of one member, of a struct that has `count` of them and can be bound. Asked about a const struct, as a bit-field
// cannot be bound otherwise.
template <class T, std::size_t count, std::size_t I>
[[nodiscard]] constexpr because why_member_is_refused() noexcept {
  using Tied = decltype(tie_members<count>(std::declval<const T&>()));
  using Member = std::remove_reference_t<decltype(tied_member<I>(std::declval<Tied&>()))>;
  if constexpr (std::is_array_v<Member>)
    return because::it_is_a_c_array;
  else if constexpr (std::is_volatile_v<Member>)
    return because::it_is_volatile;
  else if constexpr (!requires { typename std::bool_constant<(address_of_member<T, count, I>(), true)>; })
    return because::it_is_a_reference_or_bit_field;
  else
    return because::nothing;
}

// The name, where there is one.
template <class T, std::size_t count, std::size_t I>
struct MemberText {
  static constexpr std::string_view text = name_at<T, address_of_member<T, count, I>()>();
};

template <class T, std::size_t count, std::size_t I>
[[nodiscard]] constexpr bool require_member() noexcept {
  constexpr because reason = why_member_is_refused<T, count, I>();
  if constexpr (reason == because::nothing) {
    return true;
  } else {
    using Tied = decltype(tie_members<count>(std::declval<const T&>()));
    using Member = std::remove_cvref_t<decltype(tied_member<I>(std::declval<Tied&>()))>;
    if constexpr (reason == because::it_is_a_c_array)
      return !refused<this_member_cannot_be_tracked<T, Spelled<MemberText<T, count, I>>, Member, reason>>;
    else
      return !refused<this_member_cannot_be_tracked<T, member_at<I>, Member, reason>>;
  }
}

// False after the refusal: whoever goes on must not bind the members then.
template <class T>
[[nodiscard]] constexpr bool require_plain_struct() noexcept {
  constexpr because reason = why_struct_is_refused<T>();
  if constexpr (reason == because::it_is_a_c_array) {
    return !refused<this_member_cannot_be_tracked<T, member_at<find_hidden<T>().c_array>, not_known, reason>>;
  } else if constexpr (reason != because::nothing) {
    return !refused<this_struct_cannot_be_tracked<T, reason>>;
  } else {
    constexpr std::size_t count = initialiser_count<T>;
    return []<std::size_t... I>(std::index_sequence<I...>) { return (require_member<T, count, I>() && ...); }
    (std::make_index_sequence<count>{});
  }
}

template <class T>
inline constexpr bool can_be_taken_apart = require_plain_struct<T>();

}  // namespace cairn::detail
