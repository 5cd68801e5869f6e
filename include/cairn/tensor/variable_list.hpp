// VariableList: references to Variables of different types, in a fixed order. trainable_variables() returns one.
//
//   const auto variables = model.trainable_variables();
//   variables.get<0>()                          // cairn::Variable<float, 784, 10>&
//   const auto [kernel, bias] = variables;
//   std::apply(f, variables.as_tuple())         // std::tuple<cairn::Variable<float, 784, 10>&, ...>
#pragma once

#include "../core/detail/type_list.hpp"
#include "detail/variable_traits.hpp"
#include "variable.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

namespace tensor::detail {

template <class... Variables>
inline constexpr std::array<VariableTraits, sizeof...(Variables)> traits_of{VariableTraits::of<Variables>()...};

// A VariableList whose own type does not name the types of the Variables. It refers to the list.
struct AnyVariableList {
  std::span<void* const> variables;
  std::span<const VariableTraits> traits;
};

}  // namespace tensor::detail

// A list and its copies refer to the same Variables, which must outlive them. The Variables may be const.
template <class... Variables>
class VariableList {
 public:
  // Returns Variable I, counted from 0. An index of size() or more does not compile.
  template <std::size_t I>
  [[nodiscard]] auto& get() const noexcept {
    static_assert(I < sizeof...(Variables), "cairn: this list of Variables has no element of that index.");
    constexpr std::size_t index = I < sizeof...(Variables) ? I : 0;  // so that there is no second error
    return *static_cast<core::detail::NthType<index, Variables...>*>(places_[index]);
  }
  template <std::size_t I>
  [[nodiscard]] friend auto& get(const VariableList& list) noexcept {
    return list.template get<I>();
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Variables); }

  // The references as a tuple, for std::apply and std::get. Compilers refuse a std::tuple of more than some hundred
  // elements; get<I>() has no such limit.
  [[nodiscard]] std::tuple<Variables&...> as_tuple() const noexcept {
    return [this]<std::size_t... I>(std::index_sequence<I...>) {
      return std::tuple<Variables&...>(*static_cast<Variables*>(places_[I])...);
    }(std::index_sequence_for<Variables...>{});
  }

  // Everything below is for code that makes lists, or reads them without their types.
  using Places = std::array<void*, sizeof...(Variables)>;
  explicit VariableList(const Places& places) noexcept : places_(places) {}
  [[nodiscard]] tensor::detail::AnyVariableList untyped() const& noexcept {
    return {places_, tensor::detail::traits_of<std::remove_const_t<Variables>...>};
  }
  void untyped() const&& = delete;  // it refers to the list

 private:
  Places places_;
};

namespace tensor::detail {

template <class... Variables>
[[nodiscard]] VariableList<Variables...> list_of(const std::tuple<Variables&...>& variables) noexcept {
  const auto place = [](const void* variable) { return const_cast<void*>(variable); };
  return std::apply([&](auto&... each) { return VariableList<Variables...>({place(&each)...}); }, variables);
}
template <class... Variables>
[[nodiscard]] VariableList<Variables...> list_of(const VariableList<Variables...>& variables) noexcept {
  return variables;
}

// True when X is a VariableList, or a tuple of references to Variables, which std::tie makes.
template <class X>
inline constexpr bool is_variable_list = false;
template <class... Variables>
inline constexpr bool is_variable_list<std::tuple<Variables&...>> =
    (is_variable<std::remove_const_t<Variables>> && ...);
template <class... Variables>
inline constexpr bool is_variable_list<VariableList<Variables...>> = true;

}  // namespace tensor::detail
}  // namespace CAIRN_NAMESPACE

template <class... Variables>
struct std::tuple_size<cairn::VariableList<Variables...>> : std::integral_constant<std::size_t, sizeof...(Variables)> {
};
template <std::size_t I, class... Variables>
struct std::tuple_element<I, cairn::VariableList<Variables...>> {
  using type = cairn::core::detail::NthType<I, Variables...>&;
};
