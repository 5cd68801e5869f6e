// The activations as functions of one number, with their derivatives.
#pragma once

#include "operand.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <numbers>

namespace CAIRN_NAMESPACE::ops::detail {

// 1 / (1 + exp(-x)). exp is computed of a negative number only, so that it does not overflow.
template <class T>
[[nodiscard]] T logistic(T x) {
  const T power = std::exp(-std::abs(x));
  return (x < T{0} ? power : T{1}) / (T{1} + power);
}

// The derivative at 0 is 0, as in TensorFlow.
struct Relu {
  template <class T>
  static T value(T x) {
    return std::max(x, T{0});
  }
  template <class T>
  static T derivative(T x, T) {
    return x > T{0} ? T{1} : T{0};
  }
};
struct LeakyRelu {
  template <class T>
  static constexpr T slope = static_cast<T>(0.2);  // TensorFlow's alpha, Keras' negative_slope
  template <class T>
  static T value(T x) {
    return x > T{0} ? x : slope<T> * x;
  }
  template <class T>
  static T derivative(T x, T) {
    return x > T{0} ? T{1} : slope<T>;
  }
};
struct Elu {
  template <class T>
  static T value(T x) {
    return x < T{0} ? std::expm1(x) : x;
  }
  template <class T>
  static T derivative(T x, T y) {
    return x < T{0} ? y + T{1} : T{1};
  }
};
struct Selu {
  // The two numbers of Klambauer et al., "Self-Normalizing Neural Networks", 2017.
  template <class T>
  static constexpr T scale = static_cast<T>(1.0507009873554804934193349852946);
  template <class T>
  static constexpr T scale_alpha =
      static_cast<T>(1.0507009873554804934193349852946 * 1.6732632423543772848170429916717);
  template <class T>
  static T value(T x) {
    return x < T{0} ? scale_alpha<T> * std::expm1(x) : scale<T> * x;
  }
  template <class T>
  static T derivative(T x, T y) {
    return x < T{0} ? y + scale_alpha<T> : scale<T>;
  }
};
// It is computed with the error function, and not with the approximation by tanh: the default of Keras and TensorFlow.
struct Gelu {
  template <class T>
  static T below(T x) {  // the share of a normal distribution that is below x
    return static_cast<T>(0.5) * std::erfc(-x * static_cast<T>(std::numbers::sqrt2 / 2));
  }
  template <class T>
  static T value(T x) {
    return x * below(x);
  }
  template <class T>
  static T derivative(T x, T) {
    const T density = std::exp(x * x / T{-2}) * static_cast<T>(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
    return below(x) + x * density;
  }
};
struct Sigmoid {
  template <class T>
  static T value(T x) {
    return logistic(x);
  }
  template <class T>
  static T derivative(T, T y) {
    return y * (T{1} - y);
  }
};
struct Silu {
  template <class T>
  static T value(T x) {
    return x * logistic(x);
  }
  template <class T>
  static T derivative(T x, T y) {
    const T part = logistic(x);
    return part + y * (T{1} - part);
  }
};
struct Softplus {
  template <class T>
  static T value(T x) {
    return std::max(x, T{0}) + std::log1p(std::exp(-std::abs(x)));
  }
  template <class T>
  static T derivative(T x, T) {
    return logistic(x);
  }
};
struct Tanh {
  template <class T>
  static T value(T x) {
    return std::tanh(x);
  }
  template <class T>
  static T derivative(T, T y) {
    return T{1} - y * y;
  }
};

template <class X>
concept FloatingOperand = Operand<X> && std::floating_point<typename X::value_type>;

}  // namespace CAIRN_NAMESPACE::ops::detail
