// The members of a plain struct: their number, types, names and addresses. The walk over the user's state
// (graph/detail/walk.hpp) knows a struct by these functions only.
//
//   struct Model { cairn::Variable<float, 784, 10> weights; cairn::Variable<float, 10> biases; };
//
//   member_count<Model>() == 2,  member_name<Model, 0>() == "weights",  MemberType<Model, 1> is Variable<float, 10>
//   for_each_member(model, [](auto index, auto& member) { ... });
//
// require.hpp refuses a struct that cannot be taken apart into members, with a sentence that names the struct.
#pragma once

#include "member_names.hpp"
#include "reflect_count.hpp"
#include "reflect_pfr.hpp"
#include "require.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

template <class T>
concept TupleLike = requires { std::tuple_size<std::remove_cv_t<T>>::value; };

// A class that is tracked as its members. require_plain_struct refuses one that cannot be.
template <class T>
concept PlainStruct = std::is_class_v<T> && std::is_aggregate_v<std::remove_cv_t<T>> && !TupleLike<T>;

template <class T>
[[nodiscard]] constexpr std::size_t member_count() noexcept {
  using Struct = std::remove_cv_t<T>;
  if constexpr (can_be_taken_apart<Struct>)
    return initialiser_count<Struct>;
  else
    return 0;
}

// References to all members, for a caller that needs several members at once.
template <class T>
[[nodiscard]] constexpr auto tie_all_members(T& object) noexcept {
  return tie_members<member_count<T>()>(object);
}

template <class T, std::size_t I>
[[nodiscard]] constexpr auto& get_member(T& object) noexcept {
  auto tied = tie_all_members(object);
  return tied_member<I>(tied);
}

// The type of a member as it is declared: `const int` for a const member, whether or not T is const.
template <class T>
using AllTied = decltype(tie_all_members(std::declval<std::remove_cv_t<T>&>()));
template <class T, std::size_t I>
using MemberType = std::remove_reference_t<TiedReference<AllTied<T>, I>>;

// The addresses of an object's members, in the order of declaration.
template <class T>
[[nodiscard]] std::array<void*, member_count<T>()> addresses_of_members(T& object) noexcept {
  if constexpr (member_count<T>() == 0)
    return {};
  else
    return addresses_of_tied(tie_all_members(object), std::make_index_sequence<member_count<T>()>{});
}

// The name of member I. The text lives as long as the program.
template <class T, std::size_t I>
[[nodiscard]] constexpr std::string_view member_name() noexcept {
  using Struct = std::remove_cv_t<T>;
  return name_at<Struct, address_of_member<Struct, member_count<Struct>(), I>()>();
}

template <class Tied, class F, std::size_t... I>
constexpr void for_each_tied(Tied& tied, F& f, std::index_sequence<I...>) {
  (static_cast<void>(f(std::integral_constant<std::size_t, I>{}, tied_member<I>(tied))), ...);
}
// Calls f(std::integral_constant<std::size_t, I>{}, member) for each member in the order of declaration.
template <class T, class F>
constexpr void for_each_member(T& object, F&& f) {
  constexpr std::size_t count = member_count<T>();
  if constexpr (count > 0) {
    auto tied = tie_members<count>(object);
    for_each_tied(tied, f, std::make_index_sequence<count>{});
  }
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
