// VariableList: references to Variables of different types, in a fixed order. What trainable_variables() returns.
//
//   const auto variables = model.trainable_variables();
//   variables.get<0>()                          // cairn::Variable<float, 784, 10>&
//   const auto [kernel, bias] = variables;      // it is a std::tuple of references
#pragma once

#include "../tensor/variable.hpp"

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cairn {

// Copies refer to the same Variables, which must outlive them. The Variables may be const.
template <class... Variables>
class VariableList : public std::tuple<Variables&...> {
 public:
  explicit VariableList(const std::tuple<Variables&...>& variables) : std::tuple<Variables&...>(variables) {}

  template <std::size_t I>
  [[nodiscard]] auto& get() const noexcept {
    static_assert(I < sizeof...(Variables), "cairn: this list of Variables has no element of that index.");
    return std::get<I>(*this);
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Variables); }
};

namespace detail {

template <class... Variables>
[[nodiscard]] VariableList<Variables...> list_of(const std::tuple<Variables&...>& variables) {
  return VariableList<Variables...>(variables);
}

// The list, when X is a list or another tuple of references to Variables (as std::tie makes).
template <class X>
inline constexpr bool is_variable_tuple = false;
template <class... Variables>
inline constexpr bool is_variable_tuple<std::tuple<Variables&...>> = (is_variable<std::remove_const_t<Variables>> &&
                                                                      ...);
template <class... Variables>
inline constexpr bool is_variable_tuple<VariableList<Variables...>> = true;

}  // namespace detail
}  // namespace cairn

template <class... Variables>
struct std::tuple_size<cairn::VariableList<Variables...>> : std::integral_constant<std::size_t, sizeof...(Variables)> {
};
template <std::size_t I, class... Variables>
struct std::tuple_element<I, cairn::VariableList<Variables...>> : std::tuple_element<I, std::tuple<Variables&...>> {};
