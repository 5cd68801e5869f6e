// Input: a Tensor or Variable as an operation sees it. Both become one type before any work is done.
//
//   Tensor<T, Extents...>  \                     the code of an operation is compiled once for
//                            >  detail::Input<T>  each element type, not once for each shape
//   Variable<T, Extents...> /
#pragma once

#include "../../core/detail/refuse.hpp"
#include "../gradient_tape.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

// The element types that have arithmetic. bool and the storage types of core/half.hpp have none.
template <class T>
concept Computable = std::floating_point<T> || (std::integral<T> && !std::same_as<T, bool>);

template <class X>
concept Operand = is_tensor<std::remove_cvref_t<X>> || is_variable<std::remove_cvref_t<X>>;

// A plain number that may stand beside an operand.
template <class X>
concept Number = std::is_arithmetic_v<X> && !std::same_as<X, bool>;

// The type of a Tensor of X's element type and extents.
template <class X>
struct TensorOf {
  using type = X;
};
template <class T, std::size_t... Extents>
struct TensorOf<Variable<T, Extents...>> {
  using type = Tensor<T, Extents...>;
};
template <class X>
using tensor_of = typename TensorOf<X>::type;

// An operand as an operation sees it: its present elements, and its origin for a tape. It refers to the operand, and
// lives as long as the call.
template <class T>
struct Input {
  const T* data;
  std::size_t size;
  std::span<const std::size_t> extents;
  Source source;
  const Elements* shared;  // null for a Variable

  template <std::size_t... Extents>
  explicit Input(const Tensor<T, Extents...>& x) : Input(x, &x.elements()) {}
  template <std::size_t... Extents>
  explicit Input(const Variable<T, Extents...>& x) : Input(x, nullptr) {}

  [[nodiscard]] Shape shape() const { return tensor::detail::shape_of(extents); }
  // The elements, for an operation that keeps them. A Tensor shares its own, and a Variable's, which may change, are
  // copied.
  [[nodiscard]] Elements keep() const {
    return shared != nullptr ? *shared : Elements::copy_of(dtype_of<T>, size, data);
  }

 private:
  template <class X>
  Input(const X& x, const Elements* elements)
      : data(x.data()), size(x.size()), extents(x.extents()), source(source_of(x)), shared(elements) {}
};

// An edge to x without what its function needs.
template <class T>
[[nodiscard]] Edge edge(const Input<T>& x, Edge::Add add) {
  return {x.source, dtype_of<T>, x.size, add};
}

// A function of each element is a class with two static functions. It is compiled once for each element type.
template <class Function, class T>
void add_map(const Edge& edge, const void* upstream, void* sum) {
  const T* const x = edge.kept[0].as<T>();
  const T* const y = edge.kept[1].as<T>();
  for (std::size_t i = 0; i < edge.size; ++i)
    static_cast<T*>(sum)[i] += static_cast<const T*>(upstream)[i] * Function::derivative(x[i], y[i]);
}
template <class Function, class T>
void map_into(const Input<T>& x, tensor::detail::TensorParts& result, T* y) {
  for (std::size_t i = 0; i < x.size; ++i) y[i] = Function::value(x.data[i]);
  if constexpr (std::floating_point<T>) {
    if (!is_recording()) return;
    Edge to_x = edge(x, &add_map<Function, T>);
    to_x.kept[0] = x.keep();
    to_x.kept[1] = result.elements();
    record(result, {&to_x});
  }
}

// A Tensor with Function::value(x) of each element. Its derivative by x, for the tape, is
// Function::derivative(x, value(x)).
template <class Function, class X>
[[nodiscard]] tensor_of<X> map(const X& x) {
  tensor_of<X> y(x.shape());
  map_into<Function>(Input(x), y, y.data());
  return y;
}

}  // namespace ops::detail
}  // namespace CAIRN_NAMESPACE
