// operators + - * / and unary -: Tensors, Variables and numbers, element by element, with broadcast.
//
//   my_variable.assign(my_variable * 2.0f);
//   return cairn::matmul(x, weights) + biases;   // [10, 10] + [10]
//
// As in TensorFlow, both operands must have one dtype: only a plain number is converted, to the dtype of the other
// operand.
#pragma once

#include "detail/broadcast.hpp"
#include "detail/operand.hpp"
#include "math.hpp"

#include <concepts>
#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

template <class T, class Other>
struct OperandsHaveOneDType {
  static_assert(std::is_same_v<T, Other>,
                "cairn: the operands have different element types, and nothing is cast silently; give both the same.");
};
template <class T, class N>
struct NumberFitsElement {
  static_assert(std::floating_point<T> || std::integral<N>,
                "cairn: a number with a fraction does not fit to elements that are integers.");
};

// Each operation is a class with its value and with its derivatives by the first operand (by_a) and the second (by_b).
struct Plus {
  template <class T>
  static constexpr T value(T a, T b) noexcept {
    return static_cast<T>(a + b);
  }
  template <class T>
  static constexpr T by_a(T, T) noexcept {
    return T{1};
  }
  template <class T>
  static constexpr T by_b(T, T) noexcept {
    return T{1};
  }
};
struct Minus {
  template <class T>
  static constexpr T value(T a, T b) noexcept {
    return static_cast<T>(a - b);
  }
  template <class T>
  static constexpr T by_a(T, T) noexcept {
    return T{1};
  }
  template <class T>
  static constexpr T by_b(T, T) noexcept {
    return T{-1};
  }
};
struct Times {
  template <class T>
  static constexpr T value(T a, T b) noexcept {
    return static_cast<T>(a * b);
  }
  template <class T>
  static constexpr T by_a(T, T b) noexcept {
    return b;
  }
  template <class T>
  static constexpr T by_b(T a, T) noexcept {
    return a;
  }
};
struct DividedBy {
  template <class T>
  static constexpr T value(T a, T b) noexcept {
    return a / b;
  }
  template <class T>
  static constexpr T by_a(T, T b) noexcept {
    return T{1} / b;
  }
  template <class T>
  static constexpr T by_b(T a, T b) noexcept {
    return -a / (b * b);
  }
};

// The edges' functions: kept are both operands and the axes of the broadcast. Elements that are repeated get the sum.
template <class Operation, class T>
void add_by_a(const Edge& edge, const void* upstream, void* sum) {
  const T* from = static_cast<const T*>(upstream);
  for (BroadcastRuns runs(edge.kept[2]); !runs.is_done(); runs.next(), from += runs.run().extent) {
    const auto [extent, step_a, step_b] = runs.run();
    const T* const x = edge.kept[0].as<T>() + runs.at_a();
    const T* const y = edge.kept[1].as<T>() + runs.at_b();
    T* const to = static_cast<T*>(sum) + runs.at_a();
    for (std::size_t i = 0; i < extent; ++i) to[i * step_a] += from[i] * Operation::by_a(x[i * step_a], y[i * step_b]);
  }
}
template <class Operation, class T>
void add_by_b(const Edge& edge, const void* upstream, void* sum) {
  const T* from = static_cast<const T*>(upstream);
  for (BroadcastRuns runs(edge.kept[2]); !runs.is_done(); runs.next(), from += runs.run().extent) {
    const auto [extent, step_a, step_b] = runs.run();
    const T* const x = edge.kept[0].as<T>() + runs.at_a();
    const T* const y = edge.kept[1].as<T>() + runs.at_b();
    T* const to = static_cast<T*>(sum) + runs.at_b();
    for (std::size_t i = 0; i < extent; ++i) to[i * step_b] += from[i] * Operation::by_b(x[i * step_a], y[i * step_b]);
  }
}
template <class Operation, class T>
void combine_into(const Input<T>& a, const Input<T>& b, tensor::detail::TensorParts& result, T* out) {
  const Elements axes = broadcast_axes(a.extents, b.extents);
  for (BroadcastRuns runs(axes); !runs.is_done(); runs.next(), out += runs.run().extent) {
    const auto [extent, step_a, step_b] = runs.run();
    const T* const x = a.data + runs.at_a();
    const T* const y = b.data + runs.at_b();
    if (step_a == 1 && step_b == 1)
      for (std::size_t i = 0; i < extent; ++i) out[i] = Operation::value(x[i], y[i]);
    else
      for (std::size_t i = 0; i < extent; ++i) out[i] = Operation::value(x[i * step_a], y[i * step_b]);
  }
  if constexpr (std::floating_point<T>) {
    if (!is_recording()) return;
    Edge to_a = edge(a, &add_by_a<Operation, T>);
    Edge to_b = edge(b, &add_by_b<Operation, T>);
    to_a.kept[0] = to_b.kept[0] = a.keep();
    to_a.kept[1] = to_b.kept[1] = b.keep();
    to_a.kept[2] = to_b.kept[2] = axes;
    record(result, {&to_a, &to_b});
  }
}

template <class X>
using element_of = typename std::remove_cvref_t<X>::value_type;

// The two sides of an operator: two operands, or an operand and a number.
template <class A, class B>
concept Arithmetic = (Operand<A> && Computable<element_of<A>> && (Operand<B> || Number<B>)) ||
                     (Number<A> && Operand<B> && Computable<element_of<B>>);

// Returns an operand as it is, and a number as a scalar tensor of element type T.
template <class T, class X>
[[nodiscard]] decltype(auto) as_operand(const X& x) {
  if constexpr (Operand<X>) {
    return (x);
  } else {
    if constexpr (!std::floating_point<T> && !std::integral<X>)
      static_cast<void>(core::detail::refuse<NumberFitsElement<T, X>>());
    return Tensor<T>(static_cast<T>(x));
  }
}

template <class Operation, class A, class B>
[[nodiscard]] auto combine_operands(const A& a, const B& b) {
  using ElementA = element_of<A>;
  using ElementB = element_of<B>;
  using ExtentsA = typename A::extents_type;
  using ExtentsB = typename B::extents_type;
  if constexpr (!std::same_as<ElementA, ElementB>) {
    static_cast<void>(core::detail::refuse<OperandsHaveOneDType<ElementA, ElementB>>());
    return tensor_of<A>();
  } else if constexpr (!BroadcastShapes<ExtentsA, ExtentsB>::fit) {
    static_cast<void>(core::detail::refuse<ShapesOfOperandsFit<ExtentsA, ExtentsB>>());
    return tensor_of<A>();
  } else {
    using Result = typename BroadcastTensor<ElementA, BroadcastShapes<ExtentsA, ExtentsB>>::type;
    Result result(broadcast_shape(a.extents(), b.extents()));
    combine_into<Operation>(Input(a), Input(b), result, result.data());
    return result;
  }
}

template <class Operation, class A, class B>
[[nodiscard]] auto arithmetic(const A& a, const B& b) {
  using T = element_of<std::conditional_t<Operand<A>, A, B>>;
  return combine_operands<Operation>(as_operand<T>(a), as_operand<T>(b));
}

// There is no operator / for integers, because TensorFlow's gives float64. Scalar tensors of integers convert to
// numbers, which C++ divides.
template <class X>
concept NotIntegers = Number<X> || std::floating_point<element_of<X>>;

}  // namespace ops::detail

// Each operator returns a Tensor of the common shape. Shapes are aligned at the last axis; an extent of 1 and a missing
// axis are repeated: [10, 10] + [10] is [10, 10]. The compiler refuses shapes that do not fit, operands of different
// dtypes, and a number with a fraction beside integers. Throws Error with ErrorCode::invalid_argument when dynamic
// extents do not fit. The elements are integers other than bool, float or double; operator / is for float and double
// only.
template <class A, class B>
  requires ops::detail::Arithmetic<A, B>
[[nodiscard]] auto operator+(const A& a, const B& b) {
  return ops::detail::arithmetic<ops::detail::Plus>(a, b);
}
template <class A, class B>
  requires ops::detail::Arithmetic<A, B>
[[nodiscard]] auto operator-(const A& a, const B& b) {
  return ops::detail::arithmetic<ops::detail::Minus>(a, b);
}
template <class A, class B>
  requires ops::detail::Arithmetic<A, B>
[[nodiscard]] auto operator*(const A& a, const B& b) {
  return ops::detail::arithmetic<ops::detail::Times>(a, b);
}
template <class A, class B>
  requires(ops::detail::Arithmetic<A, B> && ops::detail::NotIntegers<A> && ops::detail::NotIntegers<B>)
[[nodiscard]] auto operator/(const A& a, const B& b) {
  return ops::detail::arithmetic<ops::detail::DividedBy>(a, b);
}

// Returns a Tensor of x's shape and dtype with the negative of each element.
template <ops::detail::Operand X>
  requires ops::detail::Computable<ops::detail::element_of<X>>
[[nodiscard]] auto operator-(const X& x) {
  return ops::detail::map<ops::detail::Negative>(x);
}

}  // namespace CAIRN_NAMESPACE
