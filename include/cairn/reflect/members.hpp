// members<T>: how the members of a struct are saved where it differs from their declaration. A member may be renamed,
// be found under several names, or not be saved at all. The struct itself is not changed: write a specialisation at
// global scope, before the program first saves or restores the struct.
//
//   template <>
//   inline constexpr auto cairn::members<Model> =
//       cairn::describe(cairn::rename<"weights">("kernel", "w"), cairn::not_saved<"cache">());
//
// A save writes `weights` as "kernel"; a restore looks for "kernel", then "w", then "weights". A member of type
// SlotVariables is renamed likewise; it may get the name of another member, because slots and children have names of
// their own. The compiler refuses a name that the struct does not have, and tells the nearest one that it has. A struct
// inside a function cannot be described so: mark its member by a type (not_saved.hpp).
#pragma once

#include "../core/fixed_string.hpp"
#include "detail/nearest.hpp"
#include "detail/reflect.hpp"
#include "detail/spelled.hpp"
#include "not_saved.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

namespace reflect::detail {

// The parts of a description; rename() and not_saved() make them. RenamedMember has the names of a member, the one that
// a save writes first.
template <FixedString described, std::size_t count>
struct RenamedMember {
  static constexpr FixedString member = described;
  static constexpr bool is_saved = true;
  std::array<std::string_view, count> names;
};
template <FixedString described>
struct UnsavedMember {
  static constexpr FixedString member = described;
  static constexpr bool is_saved = false;
  std::array<std::string_view, 0> names;
};
// The result of lists_as_nodes(), which names no member.
struct ListsAsNodes {
  static constexpr FixedString<0> member{};
  static constexpr bool is_saved = true;
  std::array<std::string_view, 0> names;
};
template <class... Parts>
struct MemberDescription {
  std::tuple<Parts...> parts;
};

}  // namespace reflect::detail

// A save writes `member` under the first of `names`. A restore takes the first one that the checkpoint has: of `names`,
// in their order, and then the member's own name. An empty name is refused by the compiler.
template <FixedString member, std::size_t... size>
[[nodiscard]] constexpr auto rename(const char (&... names)[size]) noexcept {
  static_assert(sizeof...(size) > 0, "cairn: rename needs at least the name under which the member is to be saved.");
  static_assert(((size > 1) && ...), "cairn: a member cannot be saved under an empty name.");
  return reflect::detail::RenamedMember<member, sizeof...(size)>{{std::string_view(names, size - 1)...}};
}

// A save leaves `member` out, and a restore leaves it unchanged. The member may be of any type.
template <FixedString member>
[[nodiscard]] constexpr reflect::detail::UnsavedMember<member> not_saved() noexcept {
  return {{}};
}

// A list of such structs is saved as a list of nodes, one for each element. Without it, a list of structs that hold
// only numbers is saved as columns: a tensor for each member, whose first axis is the list's.
[[nodiscard]] constexpr reflect::detail::ListsAsNodes lists_as_nodes() noexcept { return {{}}; }

// A description of these parts: results of rename() and not_saved(), one for each member that is not saved as declared,
// and lists_as_nodes().
template <class... Parts>
[[nodiscard]] constexpr reflect::detail::MemberDescription<Parts...> describe(Parts... parts) noexcept {
  return {{parts...}};
}

// Specialise this for a struct T to describe its members. Without a specialisation they are saved as declared.
template <class T>
inline constexpr auto members = describe();

namespace graph::detail {
class SlotVariableSet;
}

namespace reflect::detail {

template <class T>
concept SlotsOfVariables = std::derived_from<T, graph::detail::SlotVariableSet>;

template <class T, std::size_t... I>
[[nodiscard]] constexpr auto own_names(std::index_sequence<I...>) noexcept {
  return std::array<std::string_view, sizeof...(I)>{member_name<T, I>()...};
}
template <class T>
inline constexpr auto own_names_of = own_names<T>(std::make_index_sequence<member_count<T>()>{});

template <FixedString name>
struct FixedText {
  static constexpr std::string_view text = name.view();
};
template <class T, FixedString wrong>
struct NearestMember {
  static constexpr std::string_view text = nearest(wrong.view(), own_names_of<T>);
};

// The index of the first part that names no member of T; sizeof...(Parts) where each part names one.
template <class T, class... Parts>
[[nodiscard]] consteval std::size_t first_unknown_part() noexcept {
  std::size_t first = 0;
  static_cast<void>(
      (((!std::is_same_v<Parts, ListsAsNodes> &&
         std::find(own_names_of<T>.begin(), own_names_of<T>.end(), Parts::member.view()) == own_names_of<T>.end()) ||
        (++first, false)) ||
       ...));
  return first;
}

// The description's part for one member. A member without a part is saved, and `names` is empty.
struct Described {
  bool is_saved = true;
  std::span<const std::string_view> names;
};
template <class T>
[[nodiscard]] constexpr Described described(std::string_view member) noexcept {
  Described found;
  std::apply(
      [&](const auto&... part) {
        static_cast<void>(((part.member.view() == member && (found = {part.is_saved, part.names}, true)) || ...));
      },
      members<T>.parts);
  return found;
}

// All names of the member: the given ones, and then the member's own name unless it is given, too.
template <class T, std::size_t I>
[[nodiscard]] constexpr auto names_of_member() noexcept {
  constexpr std::string_view own = member_name<T, I>();
  constexpr std::span<const std::string_view> given = described<T>(own).names;
  constexpr bool own_is_given = std::find(given.begin(), given.end(), own) != given.end();
  std::array<std::string_view, given.size() + (own_is_given ? 0 : 1)> names;
  std::copy(given.begin(), given.end(), names.begin());
  if constexpr (!own_is_given) names.back() = own;
  return names;
}
template <class T, std::size_t I>
inline constexpr auto stored_names_of_member = names_of_member<T, I>();

template <class... Parts>
[[nodiscard]] consteval bool has_lists_as_nodes(const MemberDescription<Parts...>*) noexcept {
  return (std::is_same_v<Parts, ListsAsNodes> || ...);
}
template <class T>
inline constexpr bool is_listed_as_nodes = has_lists_as_nodes(&members<T>);

template <class T>
inline constexpr bool is_described = !std::is_same_v<std::remove_const_t<decltype(members<T>)>, MemberDescription<>>;

template <class T, std::size_t I>
[[nodiscard]] constexpr bool is_member_saved() noexcept {
  if constexpr (is_not_saved<std::remove_cv_t<MemberType<T, I>>>)
    return false;
  else if constexpr (is_described<T>)
    return described<T>(member_name<T, I>()).is_saved;
  else
    return true;
}

// The index of the first member that is saved under the name of a member before it; the number of members where there
// is none. A slot and a child may have one name, because their keys differ.
template <class T, std::size_t... I>
[[nodiscard]] constexpr std::size_t first_doubly_named(std::index_sequence<I...>) noexcept {
  constexpr std::size_t count = sizeof...(I);
  const std::array<std::string_view, count> names{
      (is_member_saved<T, I>() ? stored_names_of_member<T, I>.front() : std::string_view{})...};
  const std::array<bool, count> are_slots{SlotsOfVariables<MemberType<T, I>>...};
  for (std::size_t i = 1; i < count; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (!names[i].empty() && names[i] == names[j] && are_slots[i] == are_slots[j]) return i;
  return count;
}
template <class T, std::size_t I>
struct SavedName {
  static constexpr std::string_view text = stored_names_of_member<T, I>.front();
};

// The refusal of T's description, or void where it is right. A struct without a description is not looked at.
template <class T, class... Parts>
[[nodiscard]] consteval auto find_description_refusal(const MemberDescription<Parts...>*) noexcept {
  constexpr std::size_t unknown = first_unknown_part<T, Parts...>();
  if constexpr (unknown != sizeof...(Parts)) {
    using Unknown = std::tuple_element_t<unknown, std::tuple<Parts...>>;
    return Refused<
        no_such_member<T, Spelled<FixedText<Unknown::member>>, Spelled<NearestMember<T, Unknown::member>>>>{};
  } else if constexpr (is_described<T>) {
    constexpr std::size_t count = member_count<T>();
    constexpr std::size_t doubly_named = first_doubly_named<T>(std::make_index_sequence<count>{});
    if constexpr (doubly_named != count)
      return Refused<two_members_are_saved_as<T, Spelled<SavedName<T, doubly_named>>>>{};
    else
      return Refused<void>{};
  } else {
    return Refused<void>{};
  }
}
template <class T>
using RefusalOfDescription = typename decltype(find_description_refusal<T>(&members<T>))::type;

template <class T>
[[nodiscard]] constexpr bool require_description() noexcept {
  if constexpr (std::is_void_v<RefusalOfDescription<T>>)
    return true;
  else
    return core::detail::refuse<RefusalOfDescription<T>>();
}
template <class T>
inline constexpr bool is_well_described = require_description<T>();

// The refusal of member I of T, or of `Type` inside of that member.
template <class T, std::size_t I, class Type, because reason>
using RefusedMember = this_member_cannot_be_tracked<T, Spelled<MemberText<T, member_count<T>(), I>>, Type, reason>;

// The walk asks these three functions about member I: whether it is saved, all names that a restore looks for, and the
// name that a save writes.
template <class T, std::size_t I>
[[nodiscard]] constexpr bool is_saved() noexcept {
  return is_well_described<T> && is_member_saved<T, I>();
}
template <class T, std::size_t I>
[[nodiscard]] constexpr std::span<const std::string_view> all_names() noexcept {
  if constexpr (is_described<T>)
    return stored_names_of_member<T, I>;
  else
    return {&own_names_of<T>[I], 1};
}
template <class T, std::size_t I>
[[nodiscard]] constexpr std::string_view saved_name() noexcept {
  return all_names<T, I>().front();
}

}  // namespace reflect::detail

}  // namespace CAIRN_NAMESPACE
