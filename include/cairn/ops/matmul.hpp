// matmul: the product of two matrices. [n, k] times [k, m] is [n, m].
#pragma once

#include "../core/detail/vec.hpp"
#include "detail/matrix_product.hpp"
#include "detail/operand.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

template <class A, class B>
[[nodiscard]] constexpr bool columns_fit_rows() noexcept {
  const std::size_t columns = A::extents_type::values.back();
  const std::size_t rows = B::extents_type::values.front();
  return columns == rows || columns == dynamic || rows == dynamic;
}

// The refusal of two operands; the compiler names them as its template arguments.
template <class A, class B>
struct MatricesFit {
  static constexpr bool are_matrices = A::rank == 2 && B::rank == 2;
  static_assert(are_matrices, "cairn: matmul takes two matrices, tensors of two axes each.");
  static_assert(!are_matrices || columns_fit_rows<A, B>(),
                "cairn: matmul's matrices do not fit: the columns of the first must be as many as the rows of the "
                "second.");
  static_assert(std::is_same_v<typename A::value_type, typename B::value_type>,
                "cairn: matmul's matrices have different element types, and nothing is cast silently.");
};
template <class A, class B>
[[nodiscard]] constexpr bool can_be_multiplied() noexcept {
  if constexpr (A::rank == 2 && B::rank == 2 && std::is_same_v<typename A::value_type, typename B::value_type>)
    return columns_fit_rows<A, B>();
  else
    return false;
}

// The shape of the product. Throws Error with ErrorCode::invalid_argument when dynamic extents do not fit.
[[nodiscard]] inline Shape product_shape(std::span<const std::size_t> a, std::span<const std::size_t> b) {
  if (a[1] != b[0])
    throw Error(ErrorCode::invalid_argument, "matmul's matrices do not fit: the first has " + std::to_string(a[1]) +
                                                 " columns, the second has " + std::to_string(b[0]) + " rows")
        .expecting(std::to_string(a[1]), std::to_string(b[0]));
  return Shape{static_cast<std::int64_t>(a[0]), static_cast<std::int64_t>(b[1])};
}

// The edges' functions: kept is the other matrix; sizes are those of the product.
template <class T>
void add_product_by_a(const Edge& edge, const void* upstream, void* sum) {
  const auto [rows, inner, columns] = edge.sizes;
  const core::detail::Vec<T> flipped = transposed(edge.kept[0].as<T>(), inner, columns);
  add_matmul(static_cast<const T*>(upstream), flipped.data(), static_cast<T*>(sum), rows, columns, inner);
}
template <class T>
void add_product_by_b(const Edge& edge, const void* upstream, void* sum) {
  const auto [rows, inner, columns] = edge.sizes;
  const core::detail::Vec<T> flipped = transposed(edge.kept[0].as<T>(), rows, inner);
  add_matmul(flipped.data(), static_cast<const T*>(upstream), static_cast<T*>(sum), inner, rows, columns);
}
template <class T>
void add_rows(const Edge& edge, const void* upstream, void* sum) {
  const T* from = static_cast<const T*>(upstream);
  for (std::size_t i = 0; i < edge.result_size; i += edge.size, from += edge.size)
    for (std::size_t j = 0; j < edge.size; ++j) static_cast<T*>(sum)[j] += from[j];
}
// The edge to a bias, which is added to each row; without a bias an edge that is not recorded.
template <class T>
[[nodiscard]] Edge edge_to_bias(const Input<T>* bias) {
  return bias == nullptr ? Edge{{}, dtype_of<T>, 0, nullptr} : edge(*bias, &add_rows<T>);
}
// Adds `bias` to each row of y; does nothing where it is null.
template <class T>
void add_to_rows(const T* bias, std::size_t columns, T* y, std::size_t size) {
  if (bias == nullptr) return;
  for (T* const end = y + size; y != end; y += columns)
    for (std::size_t j = 0; j < columns; ++j) y[j] += bias[j];
}
// Adds a · b to y, which begins as zeros, and the bias, which may be null, to each row: `a` has some rows as long as the
// matrix b has rows.
template <class T>
void multiply_into(const Input<T>& a, const Input<T>& b, const Input<T>* bias, tensor::detail::TensorParts& result,
                   T* y) {
  const std::size_t inner = b.extents[0];
  const std::size_t columns = b.extents[1];
  const std::size_t rows = a.size / (inner == 0 ? 1 : inner);
  add_matmul(a.data, b.data, y, rows, inner, columns);
  if (bias != nullptr) add_to_rows(bias->data, columns, y, rows * columns);
  if constexpr (std::floating_point<T>) {
    if (!is_recording()) return;
    Edge to_a = edge(a, &add_product_by_a<T>);
    Edge to_b = edge(b, &add_product_by_b<T>);
    to_a.kept[0] = b.keep();
    to_b.kept[0] = a.keep();
    for (Edge* const each : {&to_a, &to_b}) {
      each->sizes[0] = rows;
      each->sizes[1] = inner;
      each->sizes[2] = columns;
    }
    Edge to_bias = edge_to_bias(bias);
    record(result, {&to_a, &to_b, &to_bias});
  }
}

}  // namespace ops::detail

// Returns the product of two matrices of one dtype, [n, k] and [k, m], as a Tensor [n, m] of that dtype. The compiler
// refuses operands that are no matrices, that differ in dtype, or whose static extents do not fit. Throws Error with
// ErrorCode::invalid_argument when dynamic extents do not fit. Each element is summed in the order of a's columns on
// every processor.
template <ops::detail::Operand A, ops::detail::Operand B>
  requires(ops::detail::Computable<typename A::value_type> && ops::detail::Computable<typename B::value_type>)
[[nodiscard]] auto matmul(const A& a, const B& b) {
  if constexpr (ops::detail::can_be_multiplied<A, B>()) {
    using Result = Tensor<typename A::value_type, A::extents_type::values.front(), B::extents_type::values.back()>;
    Result result(ops::detail::product_shape(a.extents(), b.extents()));
    ops::detail::multiply_into<typename A::value_type>(ops::detail::Input(a), ops::detail::Input(b), nullptr, result,
                                                       result.data());
    return result;
  } else {
    static_cast<void>(core::detail::refuse<ops::detail::MatricesFit<A, B>>());
    return ops::detail::tensor_of<B>();
  }
}

}  // namespace CAIRN_NAMESPACE
