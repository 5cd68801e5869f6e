// Records: plain structs that hold numbers and nothing else. A list of them is saved as columns (graph/detail/records.hpp),
// each a tensor whose first axis is the list's.
#pragma once

#include "../../core/element.hpp"
#include "../members.hpp"
#include "adapter.hpp"

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

// The elements of a value that is an element, or std::arrays of such values, and their extents.
template <class T>
struct Flat {
  using type = T;
  static constexpr std::array<std::size_t, 0> extents{};
  static constexpr std::size_t count = 1;
};
template <class T, std::size_t N>
struct Flat<std::array<T, N>> {
  using type = typename Flat<T>::type;
  static constexpr auto extents = [] {
    std::array<std::size_t, Flat<T>::extents.size() + 1> extents{N};
    for (std::size_t axis = 1; axis < extents.size(); ++axis) extents[axis] = Flat<T>::extents[axis - 1];
    return extents;
  }();
  static constexpr std::size_t count = N * Flat<T>::count;
};

// True for numbers and std::arrays of numbers, whose bytes are the elements and nothing else.
template <class T>
inline constexpr bool is_flat = [] {
  if constexpr (NumericElement<typename Flat<T>::type>)
    return Flat<T>::count != 0 && sizeof(T) == Flat<T>::count * sizeof(typename Flat<T>::type);
  else
    return false;
}();

template <class T>
[[nodiscard]] consteval bool is_record() noexcept;

template <class T, std::size_t I>
[[nodiscard]] consteval bool may_be_in_a_record() noexcept {
  using Member = MemberType<T, I>;
  if constexpr (!is_member_saved<T, I>())
    return true;
  else if constexpr (std::is_const_v<Member> || std::is_volatile_v<Member>)
    return false;
  else if constexpr (is_flat<Member>)
    return true;
  else
    return is_record<Member>();
}
template <class T, std::size_t... I>
[[nodiscard]] consteval bool has_members_of_a_record(std::index_sequence<I...>) noexcept {
  return (may_be_in_a_record<T, I>() && ...) && (is_member_saved<T, I>() || ...);
}

// A class that says by itself what is saved of it is no record, though its members may be numbers.
template <class T>
concept SavesItself = Adapted<T> || SavedByCereal<T> || requires(const T& object) { object.serialize_to_tensors(); };

// True for a struct that holds only numbers, std::arrays of numbers and such structs, and whose description has no lists_as_nodes().
template <class T>
[[nodiscard]] consteval bool is_record() noexcept {
  if constexpr (!std::is_class_v<T>)
    return false;
  else if constexpr (!requires { sizeof(T); })
    return false;
  else if constexpr (!PlainStruct<T> || !std::is_trivially_copyable_v<T> || !std::is_default_constructible_v<T>)
    return false;
  else if constexpr (SavesItself<T> || !can_be_taken_apart<T> || is_listed_as_nodes<T>)
    return false;
  else
    return has_members_of_a_record<T>(std::make_index_sequence<member_count<T>()>{});
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
