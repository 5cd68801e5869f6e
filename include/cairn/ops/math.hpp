// square, sqrt, exp, log, abs: functions of each element.
#pragma once

#include "detail/operand.hpp"

#include <cmath>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

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

}  // namespace ops::detail

// Each function returns a Tensor of x's shape and dtype. square and abs take integers other than bool, float and
// double; sqrt, exp and log take float and double. sqrt, exp and log are those of <cmath>: they return an infinity or a
// NaN where these do, and the last digit of exp and log may differ between platforms.

// Returns x * x for each element. An integer that is too large wraps around or is undefined, as in C++.
template <ops::detail::Operand X>
  requires ops::detail::Computable<typename X::value_type>
[[nodiscard]] auto square(const X& x) {
  return ops::detail::map<ops::detail::Square>(x);
}

// Returns the square root of each element. The derivative at 0 is an infinity.
template <ops::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto sqrt(const X& x) {
  return ops::detail::map<ops::detail::SquareRoot>(x);
}

// Returns e to the power of each element.
template <ops::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto exp(const X& x) {
  return ops::detail::map<ops::detail::Exponential>(x);
}

// Returns the natural logarithm of each element.
template <ops::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto log(const X& x) {
  return ops::detail::map<ops::detail::Logarithm>(x);
}

// Returns the absolute value of each element. The derivative at 0 is 0, as in TensorFlow.
template <ops::detail::Operand X>
  requires ops::detail::Computable<typename X::value_type>
[[nodiscard]] auto abs(const X& x) {
  return ops::detail::map<ops::detail::Absolute>(x);
}

}  // namespace CAIRN_NAMESPACE
