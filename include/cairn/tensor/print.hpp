// operator<<: tensors as text, in NumPy's way. Rows are in brackets; a tensor of more than 1000 elements shows three at
// both ends of each axis.
//
//   std::cout << my_variable;     [0.5 1.25 -3]
//   std::cout << matrix;          [[1 2]
//                                  [3 4]]
//
// A scalar is printed as the number that it converts to. Tensors have the same text with every compiler and locale.
#pragma once

#include "any_tensor.hpp"
#include "tensor.hpp"
#include "variable.hpp"

#include <charconv>
#include <complex>
#include <concepts>
#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace tensor::detail {

// NumPy's print options: a tensor of more than print_threshold elements shows print_edge_items of them at both ends of
// an axis.
inline constexpr std::size_t print_threshold = 1000;
inline constexpr std::size_t print_edge_items = 3;

template <class T, class... Digits>
void append_number(std::string& text, T value, Digits... digits) {
  char buffer[64];
  const std::to_chars_result end = [&] {
    if constexpr (std::is_floating_point_v<T> && sizeof...(Digits) > 0)
      return std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, digits...);
    else
      return std::to_chars(buffer, buffer + sizeof buffer, value);
  }();
  text.append(buffer, end.ptr);
}

// A float is printed with as many digits as it takes to read it back; a double is rounded to 8 digits, as NumPy does.
template <class T>
void append_element(std::string& text, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    text += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, std::string>) {
    text += '"';
    text += value;
    text += '"';
  } else if constexpr (std::is_enum_v<T>) {
    append_element(text, static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (core::detail::is_std_duration<T>) {
    append_element(text, value.count());
  } else if constexpr (core::detail::is_std_time_point<T>) {
    append_element(text, value.time_since_epoch());
  } else if constexpr (std::is_same_v<T, float>) {
    append_number(text, value);
  } else if constexpr (std::is_same_v<T, double>) {
    append_number(text, value, 8);
  } else if constexpr (std::is_arithmetic_v<T>) {
    append_number(text, static_cast<std::conditional_t<std::is_signed_v<T>, long long, unsigned long long>>(value));
  } else if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
    append_element(text, value.real());
    if (!(value.imag() < 0)) text += '+';
    append_element(text, value.imag());
    text += 'j';
  } else if constexpr (std::is_same_v<T, int4> || std::is_same_v<T, uint4>) {
    append_number(text, static_cast<int>(value));
  } else {
    append_number(text, static_cast<float>(value), sizeof(T) == 1 ? 3 : 4);  // the digits that a storage type holds
  }
}

// Appends `elements`, which are all those at one index of the axes before `axis`.
template <class T>
void append_axis(std::string& text, const Shape& shape, std::size_t axis, std::span<const T> elements, bool shorten) {
  if (axis == shape.rank()) return append_element(text, elements[0]);
  const std::size_t extent = static_cast<std::size_t>(shape[axis]);
  const std::size_t step = extent == 0 ? 0 : elements.size() / extent;
  const std::size_t below = shape.rank() - axis - 1;
  std::string between = " ";
  if (below > 0) between = std::string(below, '\n') + std::string(axis + 1, ' ');
  text += '[';
  for (std::size_t i = 0; i < extent; ++i) {
    if (i > 0) text += between;
    if (shorten && extent > 2 * print_edge_items && i == print_edge_items) {
      text += "...";
      text += between;
      i = extent - print_edge_items;
    }
    append_axis(text, shape, axis + 1, elements.subspan(i * step, step), shorten);
  }
  text += ']';
}

template <class T>
[[nodiscard]] std::string print_elements(const Shape& shape, std::span<const T> elements) {
  if (elements.empty()) return "[]";  // whatever the other extents are
  std::string text;
  append_axis(text, shape, 0, elements, elements.size() > print_threshold);
  return text;
}

// The text of the tensor; empty when its dtype is none of the types T.
template <class... T>
[[nodiscard]] std::string print_as_one_of(const AnyTensor& tensor) {
  std::string text;
  const auto try_type = [&]<class One>(std::type_identity<One>) {
    if (tensor.dtype() != dtype_of<One>) return false;
    text = print_elements(tensor.shape(), tensor.span<One>());
    return true;
  };
  static_cast<void>((try_type(std::type_identity<T>{}) || ...));
  return text;
}

// The dtype and the shape as text: "<qint8 [2, 3]>".
[[nodiscard]] inline std::string print_kind(const AnyTensor& tensor) {
  std::string text(1, '<');
  text += to_string(tensor.dtype());
  text += ' ';
  text += tensor.shape().to_string();
  text += '>';
  return text;
}

}  // namespace tensor::detail

// Writes all elements as text, or those at the ends of each axis where the tensor has more than 1000.
template <class T, std::size_t... Extents>
  requires(sizeof...(Extents) > 0)
std::ostream& operator<<(std::ostream& out, const Tensor<T, Extents...>& tensor) {
  return out << tensor::detail::print_elements(tensor.shape(), tensor.span());
}
template <class T, std::size_t... Extents>
  requires(sizeof...(Extents) > 0)
std::ostream& operator<<(std::ostream& out, const Variable<T, Extents...>& variable) {
  return out << tensor::detail::print_elements(variable.shape(), variable.span());
}
// A tensor whose dtype has no C++ type is printed as its dtype and shape: "<qint8 [2, 3]>". This is a template, so that
// only a program that prints an AnyTensor compiles the printing of its twenty types.
template <std::same_as<AnyTensor> Any>
std::ostream& operator<<(std::ostream& out, const Any& tensor) {
  const std::string text =
      tensor::detail::print_as_one_of<float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t,
                                      std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, bool, half, bfloat16,
                                      float8_e5m2, float8_e4m3fn, int4, uint4, std::complex<float>,
                                      std::complex<double>, std::string>(tensor);
  return out << (text.empty() ? tensor::detail::print_kind(tensor) : text);
}

}  // namespace CAIRN_NAMESPACE
