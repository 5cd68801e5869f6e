// Keras' keyword arguments as values: what stands behind the shapes in a layer's template arguments, in any order.
//
//   keras::Conv2D<3, 32, 5, keras::strides<2>, keras::padding<"same">, keras::relu, keras::use_bias<false>>
//   keras::LSTM<8, 16, keras::return_sequences<true>>
//   keras::Dense<8, 4, keras::dtype<double>>
//
// What is left out has Keras' default. Anything that is no such argument and can be called is the activation.
#pragma once

#include "../core/fixed_string.hpp"
#include "../core/refuse.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace cairn::keras {

// A number with a fraction as a template argument: clang knows none before version 18.
struct Number {
  std::uint64_t bits;
  // NOLINTNEXTLINE(google-explicit-constructor): Dropout<0.5>
  constexpr Number(double value) noexcept : bits(std::bit_cast<std::uint64_t>(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): Dropout<0>
  constexpr Number(int value) noexcept : Number(static_cast<double>(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): it is a number
  [[nodiscard]] constexpr operator double() const noexcept { return std::bit_cast<double>(bits); }
};

// Two extents, or one for both: Conv2D<1, 32, 3> and Conv2D<1, 32, keras::size<3, 5>>.
struct Size2D {
  std::size_t height;
  std::size_t width;
  constexpr Size2D(std::size_t side) noexcept : height(side), width(side) {}  // NOLINT: an int stands for a square
  constexpr Size2D(std::size_t h, std::size_t w) noexcept : height(h), width(w) {}
};
template <std::size_t height, std::size_t width>
inline constexpr Size2D size{height, width};

struct Strides {
  std::size_t height;
  std::size_t width;
};
namespace detail {
template <std::size_t height, std::size_t width>
struct StridesGoOn {
  static_assert(height > 0 && width > 0, "cairn: a stride is at least 1.");
  static constexpr Strides value{height, width};
};
}  // namespace detail
template <std::size_t height, std::size_t width = height>
inline constexpr Strides strides = detail::StridesGoOn<height, width>::value;

enum class Padding { valid, same };

namespace detail {

template <cairn::FixedString name>
struct PaddingIsKnown {
  static_assert(name.view() == "valid" || name.view() == "same", "cairn: there are two paddings: valid and same.");
};
template <cairn::FixedString name>
[[nodiscard]] constexpr Padding padding_called() noexcept {
  if constexpr (name.view() == "same")
    return Padding::same;
  else if constexpr (name.view() == "valid")
    return Padding::valid;
  else
    return static_cast<Padding>(cairn::detail::refuse<PaddingIsKnown<name>>());
}

}  // namespace detail

template <cairn::FixedString name>
inline constexpr Padding padding = detail::padding_called<name>();

struct UseBias {
  bool value;
};
template <bool value>
inline constexpr UseBias use_bias{value};

// Whether a normalization has a beta, and a gamma.
struct Center {
  bool value;
};
template <bool value>
inline constexpr Center center{value};
struct Scale {
  bool value;
};
template <bool value>
inline constexpr Scale scale{value};

struct ReturnSequences {
  bool value;
};
template <bool value>
inline constexpr ReturnSequences return_sequences{value};

// The last step first; with return_sequences the steps stay in that order.
struct GoBackwards {
  bool value;
};
template <bool value>
inline constexpr GoBackwards go_backwards{value};

struct Momentum {
  Number value;
};
template <Number value>
inline constexpr Momentum momentum{value};

struct Epsilon {
  Number value;
};
template <Number value>
inline constexpr Epsilon epsilon{value};

template <class Function>
struct RecurrentActivation {
  Function value;
};
template <auto function>
inline constexpr RecurrentActivation<std::remove_const_t<decltype(function)>> recurrent_activation{function};

// Of the layer's Variables: float when it is left out.
template <class T>
struct ElementType {
  using type = T;
};
template <class T>
inline constexpr ElementType<T> dtype{};

namespace detail {

template <class T>
inline constexpr bool is_argument = false;
template <>
inline constexpr bool is_argument<Strides> = true;
template <>
inline constexpr bool is_argument<Padding> = true;
template <>
inline constexpr bool is_argument<UseBias> = true;
template <>
inline constexpr bool is_argument<Center> = true;
template <>
inline constexpr bool is_argument<Scale> = true;
template <>
inline constexpr bool is_argument<ReturnSequences> = true;
template <>
inline constexpr bool is_argument<GoBackwards> = true;
template <>
inline constexpr bool is_argument<Momentum> = true;
template <>
inline constexpr bool is_argument<Epsilon> = true;
template <class Function>
inline constexpr bool is_argument<RecurrentActivation<Function>> = true;
template <class T>
inline constexpr bool is_argument<ElementType<T>> = true;

// What an argument is for: two of one kind contradict each other.
struct AnActivation {};
template <class T>
struct KindOf {
  using type = std::conditional_t<is_argument<T>, T, AnActivation>;
};
template <class Function>
struct KindOf<RecurrentActivation<Function>> {
  using type = RecurrentActivation<void>;
};
template <class T>
struct KindOf<ElementType<T>> {
  using type = ElementType<void>;
};
template <auto argument>
using kind_of = typename KindOf<std::remove_const_t<decltype(argument)>>::type;

template <class Layer, class Argument>
struct this_layer_has_no_such_argument {
  static_assert(!std::is_same_v<Layer, Layer>,
                "cairn: this layer has no such argument, or it was given twice. The layer and the argument's type are "
                "the template arguments here.");
};

// The first argument of that kind; the default where there is none.
template <class Kind, auto otherwise, auto... arguments>
struct Find {
  static constexpr auto value = otherwise;
};
template <class Kind, auto otherwise, auto first, auto... rest>
struct Find<Kind, otherwise, first, rest...> {
  static constexpr auto value = [] {
    if constexpr (std::is_same_v<kind_of<first>, Kind>)
      return first;
    else
      return Find<Kind, otherwise, rest...>::value;
  }();
};

template <auto otherwise, auto... arguments>
inline constexpr auto argument_or = Find<kind_of<otherwise>, otherwise, arguments...>::value;
template <auto... arguments>
using element_type = typename std::remove_const_t<decltype(argument_or<dtype<float>, arguments...>)>::type;

// Each of the arguments is of one of these kinds, and of another than those before it.
template <class Layer, class... Kinds>
struct Arguments {
  template <class... Seen>
  [[nodiscard]] static constexpr bool known() noexcept {
    return true;
  }
  template <auto first, auto... rest>
  [[nodiscard]] static constexpr auto require() noexcept {
    using Kind = kind_of<first>;
    if constexpr (!(std::is_same_v<Kind, Kinds> || ...) || (std::is_same_v<Kind, kind_of<rest>> || ...))
      return cairn::detail::refuse<this_layer_has_no_such_argument<Layer, std::remove_const_t<decltype(first)>>>();
    else if constexpr (sizeof...(rest) > 0)
      return require<rest...>();
    else
      return true;
  }
  template <std::same_as<void>... none>
  [[nodiscard]] static constexpr auto require() noexcept {
    return true;
  }
};

}  // namespace detail
}  // namespace cairn::keras
