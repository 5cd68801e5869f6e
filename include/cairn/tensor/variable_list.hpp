// VariableList: references to Variables of different types, in a fixed order. What trainable_variables() returns.
//
//   const auto variables = model.trainable_variables();
//   variables.get<0>()                          // cairn::Variable<float, 784, 10>&
//   const auto [kernel, bias] = variables;
//   std::apply(f, variables.as_tuple())         // std::tuple<cairn::Variable<float, 784, 10>&, ...>
#pragma once

#include "../core/type_list.hpp"
#include "variable.hpp"
#include "variable_traits.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cairn {

namespace detail {

template <class... Variables>
inline constexpr std::array<VariableTraits, sizeof...(Variables)> traits_of{VariableTraits::of<Variables>()...};

// A list without the types in its own.
struct AnyVariableList {
  std::span<void* const> variables;
  std::span<const VariableTraits> traits;
};

}  // namespace detail

// Copies refer to the same Variables, which must outlive them. The Variables may be const.
template <class... Variables>
class VariableList {
 public:
  template <std::size_t I>
  [[nodiscard]] auto& get() const noexcept {
    static_assert(I < sizeof...(Variables), "cairn: this list of Variables has no element of that index.");
    constexpr std::size_t index = I < sizeof...(Variables) ? I : 0;  // so that there is no second error
    return *static_cast<detail::NthType<index, Variables...>*>(places_[index]);
  }
  template <std::size_t I>
  [[nodiscard]] friend auto& get(const VariableList& list) noexcept {
    return list.template get<I>();
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Variables); }

  // For std::apply and std::get; compilers make a std::tuple of some hundred.
  [[nodiscard]] std::tuple<Variables&...> as_tuple() const noexcept {
    return [this]<std::size_t... I>(std::index_sequence<I...>) {
      return std::tuple<Variables&...>(*static_cast<Variables*>(places_[I])...);
    }(std::index_sequence_for<Variables...>{});
  }

  // From here on for those who make lists, and those who do not ask for types.
  using Places = std::array<void*, sizeof...(Variables)>;
  explicit VariableList(const Places& places) noexcept : places_(places) {}
  [[nodiscard]] detail::AnyVariableList untyped() const& noexcept {
    return {places_, detail::traits_of<std::remove_const_t<Variables>...>};
  }
  void untyped() const&& = delete;  // it refers to the list

 private:
  Places places_;
};

namespace detail {

template <class... Variables>
[[nodiscard]] VariableList<Variables...> list_of(const std::tuple<Variables&...>& variables) noexcept {
  const auto place = [](const void* variable) { return const_cast<void*>(variable); };
  return std::apply([&](auto&... each) { return VariableList<Variables...>({place(&each)...}); }, variables);
}
template <class... Variables>
[[nodiscard]] VariableList<Variables...> list_of(const VariableList<Variables...>& variables) noexcept {
  return variables;
}

// The list, when X is a list or a tuple of references to Variables (as std::tie makes).
template <class X>
inline constexpr bool is_variable_list = false;
template <class... Variables>
inline constexpr bool is_variable_list<std::tuple<Variables&...>> =
    (is_variable<std::remove_const_t<Variables>> && ...);
template <class... Variables>
inline constexpr bool is_variable_list<VariableList<Variables...>> = true;

}  // namespace detail
}  // namespace cairn

template <class... Variables>
struct std::tuple_size<cairn::VariableList<Variables...>> : std::integral_constant<std::size_t, sizeof...(Variables)> {
};
template <std::size_t I, class... Variables>
struct std::tuple_element<I, cairn::VariableList<Variables...>> {
  using type = cairn::detail::NthType<I, Variables...>&;
};
