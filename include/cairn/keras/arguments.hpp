// strides, padding, use_bias, dtype, ...: Keras' keyword arguments as values. They stand behind the shapes in a layer's
// template arguments, in any order.
//
//   keras::Conv2D<3, 32, 5, keras::strides<2>, keras::padding<"same">, keras::relu, keras::use_bias<false>>
//   keras::LSTM<8, 16, keras::return_sequences<true>>
//   keras::Dense<8, 4, keras::dtype<double>>
//
// An argument that is left out has Keras' default. A value that can be called with a tensor is the activation. The
// compiler refuses an argument that the layer does not have, or that is given twice.
#pragma once

#include "../core/detail/refuse.hpp"
#include "../core/fixed_string.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CAIRN_NAMESPACE::keras {

// A number with a fraction as a template argument. clang before version 18 cannot have a double there.
struct Number {
  // The bits of the double.
  std::uint64_t bits;
  // NOLINTNEXTLINE(google-explicit-constructor): Dropout<0.5>
  constexpr Number(double value) noexcept : bits(std::bit_cast<std::uint64_t>(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): Dropout<0>
  constexpr Number(int value) noexcept : Number(static_cast<double>(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): it is a number
  [[nodiscard]] constexpr operator double() const noexcept { return std::bit_cast<double>(bits); }
};

// A height and a width; one number stands for both: Conv2D<1, 32, 3> and Conv2D<1, 32, keras::kernel_size<3, 5>>.
struct Size2D {
  // Both are counted in elements of the image.
  std::size_t height;
  std::size_t width;
  constexpr Size2D(std::size_t side) noexcept : height(side), width(side) {}  // NOLINT: an int stands for a square
  constexpr Size2D(std::size_t h, std::size_t w) noexcept : height(h), width(w) {}
  constexpr Size2D(Size2D (*size)() noexcept) noexcept : Size2D(size()) {}  // NOLINT: for keras::size<h, w>
};
// kernel_size<3, 5>: the height and width of a Conv2D's window; pool_size<2> those of a pooling layer's.
template <std::size_t height, std::size_t width = height>
inline constexpr Size2D kernel_size{height, width};
template <std::size_t height, std::size_t width = height>
inline constexpr Size2D pool_size{height, width};

// The earlier name of kernel_size and pool_size. It is a function, so that a program with `using namespace
// cairn::keras` and `using namespace std` can call std::size.
template <std::size_t height, std::size_t width>
[[deprecated("write keras::kernel_size<h, w>, or keras::pool_size<h, w>")]] constexpr Size2D size() noexcept {
  return {height, width};
}

// The steps of a window in height and width.
struct Strides {
  // Both are counted in elements of the image, and at least 1.
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
// strides<2>, strides<1, 2>: the steps of a window in height and width. A stride is at least 1.
template <std::size_t height, std::size_t width = height>
inline constexpr Strides strides = detail::StridesGoOn<height, width>::value;

// The place of a window. With padding<"valid"> it lies inside of the image; with padding<"same"> it may reach beyond
// the edges, where elements count as zeros.
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
    return static_cast<Padding>(core::detail::refuse<PaddingIsKnown<name>>());
}

}  // namespace detail

// padding<"same">, padding<"valid">: the argument of a layer with a window. The compiler refuses any other word.
template <cairn::FixedString name>
inline constexpr Padding padding = detail::padding_called<name>();

namespace detail {

enum class Keyword { use_bias, center, scale, return_sequences, go_backwards, momentum, epsilon };

// A keyword argument that is one value.
template <Keyword keyword, class T>
struct Argument {
  T value;
};

}  // namespace detail

// use_bias<false>: a layer without a bias.
using UseBias = detail::Argument<detail::Keyword::use_bias, bool>;
template <bool value>
inline constexpr UseBias use_bias{value};

// center<false>: a normalization without beta. scale<false>: a normalization without gamma.
using Center = detail::Argument<detail::Keyword::center, bool>;
template <bool value>
inline constexpr Center center{value};
using Scale = detail::Argument<detail::Keyword::scale, bool>;
template <bool value>
inline constexpr Scale scale{value};

// return_sequences<true>: a recurrent layer returns the outputs of all steps, and not only the last one.
using ReturnSequences = detail::Argument<detail::Keyword::return_sequences, bool>;
template <bool value>
inline constexpr ReturnSequences return_sequences{value};

// go_backwards<true>: a recurrent layer begins at the last step. With return_sequences the output of the last step
// comes first.
using GoBackwards = detail::Argument<detail::Keyword::go_backwards, bool>;
template <bool value>
inline constexpr GoBackwards go_backwards{value};

// momentum<0.9>: the share that a BatchNormalization keeps of its moving averages at each step.
using Momentum = detail::Argument<detail::Keyword::momentum, Number>;
template <Number value>
inline constexpr Momentum momentum{value};

// epsilon<1e-5>: the number that a normalization adds to the variance.
using Epsilon = detail::Argument<detail::Keyword::epsilon, Number>;
template <Number value>
inline constexpr Epsilon epsilon{value};

// The type of recurrent_activation<...>.
template <class Function>
struct RecurrentActivation {
  // The activation, which is called with a tensor.
  Function value;
};
// recurrent_activation<sigmoid>: the activation of the gates of a GRU or LSTM.
template <auto function>
inline constexpr RecurrentActivation<std::remove_const_t<decltype(function)>> recurrent_activation{function};

// The type of dtype<...>.
template <class T>
struct ElementType {
  // The element type that was given.
  using type = T;
};
// dtype<double>: the element type of the layer's Variables, and of its input and output. It is float when it is left
// out.
template <class T>
inline constexpr ElementType<T> dtype{};

namespace detail {

template <class T>
inline constexpr bool is_argument = false;
template <>
inline constexpr bool is_argument<Strides> = true;
template <>
inline constexpr bool is_argument<Padding> = true;
template <Keyword keyword, class T>
inline constexpr bool is_argument<Argument<keyword, T>> = true;
template <class Function>
inline constexpr bool is_argument<RecurrentActivation<Function>> = true;
template <class T>
inline constexpr bool is_argument<ElementType<T>> = true;

// The kind of an argument. A layer may be given one argument of each kind.
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

// The first argument of this kind; `otherwise` where there is none.
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

// require() refuses an argument whose kind is none of these, and a second one of a kind.
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
      return core::detail::refuse<this_layer_has_no_such_argument<Layer, std::remove_const_t<decltype(first)>>>();
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
}  // namespace CAIRN_NAMESPACE::keras
