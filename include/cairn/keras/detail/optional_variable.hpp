// A Variable that a layer has only with some arguments: the bias that use_bias<false> leaves out.
#pragma once

#include "../../reflect/not_saved.hpp"
#include "../../tensor/variable.hpp"
#include "../../tensor/variable_list.hpp"

#include <cstddef>
#include <type_traits>

namespace CAIRN_NAMESPACE::keras::detail {

// In the place of a Variable that is not there: holds nothing, and is neither saved nor listed.
struct NoVariable {
  constexpr NoVariable() = default;
  explicit NoVariable(const VariableOptions&) noexcept {}
  template <class Initial>
  NoVariable(const Initial&, const VariableOptions&) noexcept {}
};

template <bool is_there, class T, std::size_t... Extents>
using VariableIf = std::conditional_t<is_there, Variable<T, Extents...>, NoVariable>;

template <class V>
inline constexpr bool is_present = !std::is_same_v<std::remove_const_t<V>, NoVariable>;

template <class... Listed, class... Variables>
[[nodiscard]] VariableList<Listed...> list_these(core::detail::TypeList<Listed...>, Variables&... variables) noexcept {
  typename VariableList<Listed...>::Places places{};
  void** next = places.data();
  const auto add = [&](const void* variable, bool is_there) {
    if (is_there) *next++ = const_cast<void*>(variable);
  };
  (add(&variables, is_present<Variables>), ...);
  return VariableList<Listed...>(places);
}
// The list of those that are there.
template <class... Variables>
[[nodiscard]] auto list_of_present(Variables&... variables) noexcept {
  using core::detail::TypeList;
  return list_these(
      core::detail::Joined<std::conditional_t<is_present<Variables>, TypeList<Variables>, TypeList<>>...>{},
      variables...);
}

}  // namespace CAIRN_NAMESPACE::keras::detail

template <>
inline constexpr bool cairn::reflect::detail::is_not_saved<cairn::keras::detail::NoVariable> = true;
