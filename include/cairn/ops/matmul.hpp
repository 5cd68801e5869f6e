// matmul: the product of two matrices. [n, k] times [k, m] is [n, m].
#pragma once

#include "detail/matrix_product.hpp"
#include "detail/operand.hpp"

#include <cstddef>
#include <string>
#include <type_traits>

namespace cairn {

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

template <class T, std::size_t N, std::size_t K, std::size_t L, std::size_t M>
[[nodiscard]] Tensor<T, N, M> matmul(const Input<T, N, K>& a, const Input<T, L, M>& b) {
  const std::size_t rows = a.extent(0);
  const std::size_t inner = a.extent(1);
  const std::size_t columns = b.extent(1);
  if (inner != b.extent(0))
    throw Error(ErrorCode::invalid_argument, "matmul's matrices do not fit: the first has " + std::to_string(inner) +
                                                 " columns, the second has " + std::to_string(b.extent(0)) + " rows")
        .expecting(std::to_string(inner), std::to_string(b.extent(0)));
  Tensor<T, N, M> result(Shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)});
  add_matmul(a.data(), b.data(), result.data(), rows, inner, columns);
  if constexpr (std::floating_point<T>) {
    if (is_recording())
      record(result,
             edge(a,
                  [b = b.keep(), rows, inner, columns](std::span<const T> upstream, std::span<T> sum) {
                    const auto flipped = transposed(b.span(), inner, columns);
                    add_matmul(upstream.data(), flipped.data(), sum.data(), rows, columns, inner);
                  }),
             edge(b, [a = a.keep(), rows, inner, columns](std::span<const T> upstream, std::span<T> sum) {
               const auto flipped = transposed(a.span(), rows, inner);
               add_matmul(flipped.data(), upstream.data(), sum.data(), inner, rows, columns);
             }));
  }
  return result;
}

}  // namespace ops::detail

// The product of two matrices of one dtype, as a Tensor of that dtype. The compiler refuses operands that are no
// matrices, that differ in dtype, or whose static extents do not fit. Throws Error with ErrorCode::invalid_argument
// when dynamic extents do not fit. Each element is summed in the order of a's columns, however the loops are
// vectorised.
template <ops::detail::Operand A, ops::detail::Operand B>
  requires(ops::detail::Computable<typename A::value_type> && ops::detail::Computable<typename B::value_type>)
[[nodiscard]] auto matmul(const A& a, const B& b) {
  if constexpr (ops::detail::can_be_multiplied<A, B>()) {
    return ops::detail::matmul(ops::detail::Input(a), ops::detail::Input(b));
  } else {
    static_cast<void>(core::detail::refuse<ops::detail::MatricesFit<A, B>>());
    return ops::detail::Input(b).keep();
  }
}

}  // namespace cairn
