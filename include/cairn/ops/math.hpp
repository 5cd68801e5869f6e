// Functions of each element: square, sqrt, exp, log, abs.
#pragma once

#include "operand.hpp"

#include <cmath>

namespace cairn {

namespace detail {

struct Square {
  template <class T>
  static T value(T x) {
    return static_cast<T>(x * x);
  }
  template <class T>
  static T derivative(T x, T) {
    return T{2} * x;
  }
};
struct SquareRoot {
  template <class T>
  static T value(T x) {
    return std::sqrt(x);
  }
  template <class T>
  static T derivative(T, T root) {
    return T{1} / (T{2} * root);
  }
};
struct Exponential {
  template <class T>
  static T value(T x) {
    return std::exp(x);
  }
  template <class T>
  static T derivative(T, T power) {
    return power;
  }
};
struct Logarithm {
  template <class T>
  static T value(T x) {
    return std::log(x);
  }
  template <class T>
  static T derivative(T x, T) {
    return T{1} / x;
  }
};
struct Absolute {
  template <class T>
  static T value(T x) {
    return x < T{0} ? static_cast<T>(-x) : x;
  }
  template <class T>
  static T derivative(T x, T) {
    return static_cast<T>((T{0} < x) - (x < T{0}));
  }
};
struct Negative {
  template <class T>
  static T value(T x) {
    return static_cast<T>(-x);
  }
  template <class T>
  static T derivative(T, T) {
    return T{-1};
  }
};

}  // namespace detail

// The functions of <cmath> here come from the C library: their last digit may differ between platforms.

template <detail::Operand X>
  requires detail::Computable<typename X::value_type>
[[nodiscard]] auto square(const X& x) {
  return detail::map<detail::Square>(detail::Input(x));
}

template <detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto sqrt(const X& x) {
  return detail::map<detail::SquareRoot>(detail::Input(x));
}

template <detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto exp(const X& x) {
  return detail::map<detail::Exponential>(detail::Input(x));
}

template <detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto log(const X& x) {
  return detail::map<detail::Logarithm>(detail::Input(x));
}

// The gradient at 0 is 0, as TensorFlow's.
template <detail::Operand X>
  requires detail::Computable<typename X::value_type>
[[nodiscard]] auto abs(const X& x) {
  return detail::map<detail::Absolute>(detail::Input(x));
}

}  // namespace cairn
