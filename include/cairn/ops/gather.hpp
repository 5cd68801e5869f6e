// gather: rows of a matrix by their numbers, as keras::Embedding looks them up.
//
//   const auto rows = cairn::gather(embeddings, ids);   // [1000, 16] by [n, 5] is [n, 5, 16]
#pragma once

#include "detail/operand.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

// The ids as row numbers. Throws Error with ErrorCode::invalid_argument for an id that is not in [0, rows), as
// TensorFlow does on a CPU.
template <class Index>
[[nodiscard]] Elements checked_rows(const Input<Index>& ids, std::size_t rows) {
  Elements result(DT_UINT64, ids.size);
  for (std::size_t i = 0; i < ids.size; ++i) {
    const Index id = ids.data[i];
    if (std::cmp_less(id, 0) || std::cmp_greater_equal(id, rows))
      throw Error(ErrorCode::invalid_argument, "the id " + std::to_string(id) + " at element " + std::to_string(i) +
                                                   " is not in [0, " + std::to_string(rows) + ")")
          .expecting("at most " + std::to_string(rows - 1), std::to_string(id));
    result.as<std::uint64_t>()[i] = static_cast<std::uint64_t>(id);
  }
  return result;
}

// The edge's functions: kept are the row numbers; sizes[0] is the length of a row.
template <class T>
void add_slices(const Edge& edge, const void* upstream, void* sum) {
  const T* from = static_cast<const T*>(upstream);
  const std::size_t width = edge.sizes[0];
  for (std::size_t i = 0; i < edge.kept[0].size(); ++i, from += width) {
    T* const row = static_cast<T*>(sum) + edge.kept[0].as<std::uint64_t>()[i] * width;
    for (std::size_t j = 0; j < width; ++j) row[j] += from[j];
  }
}
template <class T>
void add_squared_slices(const Edge& edge, const void* upstream, void* sum) {
  const T* from = static_cast<const T*>(upstream);
  const std::size_t width = edge.sizes[0];
  for (std::size_t i = 0; i < edge.kept[0].size(); ++i, from += width) {
    T* const row = static_cast<T*>(sum) + edge.kept[0].as<std::uint64_t>()[i] * width;
    for (std::size_t j = 0; j < width; ++j) row[j] += from[j] * from[j];
  }
}
template <class T>
void gather_into(const Input<T>& matrix, const Elements& rows, tensor::detail::TensorParts& result, T* y) {
  const std::size_t width = matrix.extents[1];
  for (std::size_t i = 0; i < rows.size(); ++i)
    y = std::copy_n(matrix.data + rows.as<std::uint64_t>()[i] * width, width, y);
  if constexpr (std::floating_point<T>) {
    if (!is_recording()) return;
    Edge to_matrix = edge(matrix, &add_slices<T>);
    to_matrix.add_squares = &add_squared_slices<T>;
    to_matrix.kept[0] = rows;
    to_matrix.sizes[0] = width;
    record(result, {&to_matrix});
  }
}

template <class Ids>
struct IdsAreIntegers {
  static_assert(!std::is_same_v<Ids, Ids>, "cairn: rows are gathered by their numbers, so these must be integers.");
};

}  // namespace ops::detail

// Returns a row of the matrix `rows` for each element of `ids`: a Tensor of the dtype of `rows`, whose shape is that of
// `ids` with the length of a row behind it. The ids are integers other than bool. Throws Error with
// ErrorCode::invalid_argument for an id that is negative, or not less than the number of rows.
template <class Rows, ops::detail::Operand Ids>
  requires(ops::detail::Operand<Rows> && Rows::rank == 2)
[[nodiscard]] auto gather(const Rows& rows, const Ids& ids) {
  using T = typename Rows::value_type;
  using Index = typename Ids::value_type;
  const auto result_type = []<std::size_t... E>(const tensor::detail::Extent<E...>*) {
    return Tensor<T, E..., Rows::extents_type::values[1]>();
  };
  using Result = decltype(result_type(static_cast<const typename Ids::extents_type*>(nullptr)));
  if constexpr (!std::integral<Index> || std::same_as<Index, bool>) {
    static_cast<void>(core::detail::refuse<ops::detail::IdsAreIntegers<Ids>>());
    return Result();
  } else {
    Shape shape = ids.shape();
    shape.push_back(static_cast<std::int64_t>(rows.extent(1)));
    Result y(shape);
    ops::detail::gather_into(ops::detail::Input(rows),
                             ops::detail::checked_rows(ops::detail::Input(ids), rows.extent(0)), y, y.data());
    return y;
  }
}

}  // namespace CAIRN_NAMESPACE
