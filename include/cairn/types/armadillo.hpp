// Armadillo's matrices as members of a state.
//
//   arma::Mat, Mat::fixed    [rows, columns]            element (i, j), though columns lie together in memory
//   arma::Col, arma::Row     [n]                        also Col::fixed and Row::fixed
//   arma::Cube, Cube::fixed  [rows, columns, slices]    element (i, j, k)
//   arma::SpMat              a node of three tensors, those of tf.sparse.SparseTensor, with the indices row by row:
//                            indices int64 [n, 2], values [n], dense_shape int64 [2]; arma::SpCol and SpRow likewise
//
// A restore gives a matrix the checkpoint's shape. A fixed matrix, and one that uses memory of somebody else
// (copy_aux_mem = false), keep their shape: the checkpoint must have it.
#pragma once

#include "../tensor/dense_array.hpp"
#include "array_interface.hpp"
#include "detail/array_type.hpp"
#include "detail/inline_arrays.hpp"
#include "detail/sparse_type.hpp"

#include <armadillo>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

namespace CAIRN_NAMESPACE {

namespace types::detail {

// The extents that a type Mat::fixed, Col::fixed, Row::fixed or Cube::fixed tells; an empty list for others.
template <class A>
inline constexpr std::array<std::size_t, 0> armadillo_fixed{};
template <template <arma::uword...> class Fixed, arma::uword... extent>
inline constexpr std::array<std::size_t, sizeof...(extent)> armadillo_fixed<Fixed<extent...>>{extent...};

// The number of axes; 0 for what is no array of Armadillo.
template <class A>
[[nodiscard]] consteval std::size_t armadillo_rank() noexcept {
  if constexpr (requires { typename A::elem_type; }) {
    using T = typename A::elem_type;
    constexpr std::size_t fixed = armadillo_fixed<A>.size();
    if constexpr (!NumericElement<T>)
      return 0;
    else if constexpr (std::derived_from<A, arma::Cube<T>>)
      return fixed == 3 || std::same_as<A, arma::Cube<T>> ? 3 : 0;
    else if constexpr (std::derived_from<A, arma::Col<T>> || std::derived_from<A, arma::Row<T>>)
      return fixed == 1 || std::same_as<A, arma::Col<T>> || std::same_as<A, arma::Row<T>> ? 1 : 0;
    else if constexpr (std::derived_from<A, arma::Mat<T>>)
      return fixed == 2 || std::same_as<A, arma::Mat<T>> ? 2 : 0;
  }
  return 0;
}
template <class A>
concept ArmadilloArray = armadillo_rank<A>() != 0;

template <class A>
[[nodiscard]] consteval auto armadillo_extents() noexcept {
  constexpr std::size_t rank = armadillo_rank<A>();
  std::array<std::size_t, rank> extents;
  extents.fill(dynamic);
  if constexpr (armadillo_fixed<A>.size() == rank) extents = armadillo_fixed<A>;
  return extents;
}

}  // namespace types::detail

template <types::detail::ArmadilloArray A>
struct ArrayInterface<A> {
  using value_type = typename A::elem_type;
  static constexpr auto extents = types::detail::armadillo_extents<A>();
  static constexpr bool is_inline = !types::detail::armadillo_fixed<A>.empty();

  [[nodiscard]] static ArrayLayout layout(const A& array) {
    ArrayLayout layout{.data = array.memptr()};
    std::int64_t stride = sizeof(value_type);
    const auto add = [&](arma::uword extent) {
      layout.shape.push_back(static_cast<std::int64_t>(extent));
      layout.strides.push_back(stride);
      stride *= static_cast<std::int64_t>(extent);
    };
    if constexpr (extents.size() == 1) {
      add(array.n_elem);
    } else {
      add(array.n_rows);
      add(array.n_cols);
    }
    if constexpr (extents.size() == 3) add(array.n_slices);
    if constexpr (types::detail::armadillo_fixed<A>.empty()) layout.is_view = array.mem_state != 0;
    return layout;
  }

  [[nodiscard]] static A make(const Shape& shape)
    requires(types::detail::armadillo_fixed<A>.empty())
  {
    return [&]<std::size_t... axis>(std::index_sequence<axis...>) {
      return A(static_cast<arma::uword>(shape[axis])..., arma::fill::none);
    }(std::make_index_sequence<extents.size()>());
  }
};

namespace types::detail {

template <class A>
concept ArmadilloSparse =
    requires { typename A::elem_type; } && NumericElement<typename A::elem_type> &&
    (std::same_as<A, arma::SpMat<typename A::elem_type>> || std::same_as<A, arma::SpCol<typename A::elem_type>> ||
     std::same_as<A, arma::SpRow<typename A::elem_type>>);

// The number of elements in front of each column, or row.
[[nodiscard]] inline arma::uvec counted_before(const arma::uvec& index, arma::uword extent) {
  arma::uvec before(extent + 1, arma::fill::zeros);
  for (const arma::uword i : index) ++before[i + 1];
  for (arma::uword i = 0; i < extent; ++i) before[i + 1] += before[i];
  return before;
}

}  // namespace types::detail

template <types::detail::ArmadilloSparse A>
struct ArrayInterface<A> {
  using value_type = typename A::elem_type;
  using Parts = types::detail::SparseParts<arma::Col<value_type>, 2>;

  // Columns lie together, in the order of their rows.
  [[nodiscard]] static Parts parts(const A& matrix) {
    matrix.sync();
    const arma::uword count = matrix.n_nonzero;
    Parts parts{.indices = Tensor<std::int64_t, dynamic, 2>(Shape{static_cast<std::int64_t>(count), 2}),
                .values = arma::Col<value_type>(count, arma::fill::none),
                .dense_shape = {static_cast<std::int64_t>(matrix.n_rows), static_cast<std::int64_t>(matrix.n_cols)}};
    const arma::uvec rows(const_cast<arma::uword*>(matrix.row_indices), count, false, true);
    arma::uvec next = types::detail::counted_before(rows, matrix.n_rows);
    std::int64_t* const indices = parts.indices.data();
    for (arma::uword column = 0; column < matrix.n_cols; ++column)
      for (arma::uword i = matrix.col_ptrs[column]; i < matrix.col_ptrs[column + 1]; ++i) {
        const arma::uword at = next[rows[i]]++;
        indices[2 * at] = static_cast<std::int64_t>(rows[i]);
        indices[2 * at + 1] = static_cast<std::int64_t>(column);
        parts.values[at] = matrix.values[i];
      }
    return parts;
  }
  [[nodiscard]] static std::int64_t max_extent() noexcept {
    return static_cast<std::int64_t>(
        std::min<std::uint64_t>(std::numeric_limits<arma::uword>::max(), std::numeric_limits<std::int64_t>::max()));
  }
  [[nodiscard]] static A make(const Parts& parts) {
    const auto rows = static_cast<arma::uword>(parts.dense_shape[0]);
    const auto columns = static_cast<arma::uword>(parts.dense_shape[1]);
    static_cast<void>(Shape{parts.dense_shape[0], parts.dense_shape[1]}.num_elements());  // Armadillo counts them
    if ((A::is_col && columns != 1) || (A::is_row && rows != 1))
      types::detail::refuse_beyond_room<A>(Shape(std::span(parts.dense_shape)));
    const arma::uword count = parts.values.n_elem;
    arma::uvec row_of(count, arma::fill::none), column_of(count, arma::fill::none);
    for (arma::uword i = 0; i < count; ++i) {
      row_of[i] = static_cast<arma::uword>(parts.indices(i, 0));
      column_of[i] = static_cast<arma::uword>(parts.indices(i, 1));
    }
    // In the order of rows first, and then, of those in a column each, in the order of columns.
    arma::uvec by_row(count, arma::fill::none), by_column(count, arma::fill::none);
    arma::uvec next = types::detail::counted_before(row_of, rows);
    for (arma::uword i = 0; i < count; ++i) by_row[next[row_of[i]]++] = i;
    const arma::uvec columns_begin = types::detail::counted_before(column_of, columns);
    next = columns_begin;
    for (const arma::uword i : by_row) by_column[next[column_of[i]]++] = i;
    for (arma::uword i = 1; i < count; ++i)
      if (row_of[by_column[i]] == row_of[by_column[i - 1]] && column_of[by_column[i]] == column_of[by_column[i - 1]])
        types::detail::refuse_twice<A>();
    const arma::uvec rows_in_order = row_of.elem(by_column);
    const arma::Col<value_type> values = parts.values.elem(by_column);
    return arma::SpMat<value_type>(rows_in_order, columns_begin, values, rows, columns);
  }
};

}  // namespace CAIRN_NAMESPACE
