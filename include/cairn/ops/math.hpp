// Functions of each element: square, sqrt, exp, log, abs.
#pragma once

#include "operand.hpp"

#include <cmath>

namespace cairn {

// The functions of <cmath> here come from the C library: their last digit may differ between platforms.

template <detail::Operand X>
requires detail::Computable<typename X::value_type>
[[nodiscard]] auto square(const X& x) {
  using T = typename X::value_type;
  return detail::map(
      detail::Input(x), [](T value) { return static_cast<T>(value * value); }, [](T value, T) { return T{2} * value; });
}

template <detail::Operand X>
requires std::floating_point<typename X::value_type>
[[nodiscard]] auto sqrt(const X& x) {
  using T = typename X::value_type;
  return detail::map(
      detail::Input(x), [](T value) { return std::sqrt(value); }, [](T, T root) { return T{1} / (T{2} * root); });
}

template <detail::Operand X>
requires std::floating_point<typename X::value_type>
[[nodiscard]] auto exp(const X& x) {
  using T = typename X::value_type;
  return detail::map(
      detail::Input(x), [](T value) { return std::exp(value); }, [](T, T power) { return power; });
}

template <detail::Operand X>
requires std::floating_point<typename X::value_type>
[[nodiscard]] auto log(const X& x) {
  using T = typename X::value_type;
  return detail::map(
      detail::Input(x), [](T value) { return std::log(value); }, [](T value, T) { return T{1} / value; });
}

// The gradient at 0 is 0, as TensorFlow's.
template <detail::Operand X>
requires detail::Computable<typename X::value_type>
[[nodiscard]] auto abs(const X& x) {
  using T = typename X::value_type;
  return detail::map(
      detail::Input(x), [](T value) { return value < T{0} ? static_cast<T>(-value) : value; },
      [](T value, T) { return static_cast<T>((T{0} < value) - (value < T{0})); });
}

}  // namespace cairn
