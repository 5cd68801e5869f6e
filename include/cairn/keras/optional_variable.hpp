// A Variable that a layer has only with some arguments: the bias that use_bias<false> leaves out.
#pragma once

#include "../graph/not_saved.hpp"
#include "../tensor/variable.hpp"
#include "variable_list.hpp"

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace cairn::keras::detail {

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
[[nodiscard]] auto tie_present(V& variable) {
  if constexpr (std::is_same_v<std::remove_const_t<V>, NoVariable>)
    return std::tuple<>();
  else
    return std::tie(variable);
}

// The list of those that are there.
template <class... Variables>
[[nodiscard]] auto list_of_present(Variables&... variables) {
  return cairn::detail::list_of(std::tuple_cat(tie_present(variables)...));
}

}  // namespace cairn::keras::detail

template <>
inline constexpr bool cairn::detail::is_not_saved<cairn::keras::detail::NoVariable> = true;
