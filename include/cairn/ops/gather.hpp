// gather: rows of a matrix by their numbers. keras::Embedding looks up its rows so.
//
//   const auto rows = cairn::gather(embeddings, ids);   // [1000, 16] by [n, 5] is [n, 5, 16]
#pragma once

#include "../core/detail/vec.hpp"
#include "detail/operand.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace cairn {

namespace ops::detail {

// The ids as row numbers. Throws Error with ErrorCode::invalid_argument for an id that is not in [0, rows), as
// TensorFlow does on a CPU.
template <class Index>
[[nodiscard]] core::detail::Vec<std::size_t> checked_rows(std::span<const Index> ids, std::size_t rows) {
  core::detail::Vec<std::size_t> result(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (std::cmp_less(ids[i], 0) || std::cmp_greater_equal(ids[i], rows))
      throw Error(ErrorCode::invalid_argument, "the id " + std::to_string(ids[i]) + " at element " + std::to_string(i) +
                                                   " is not in [0, " + std::to_string(rows) + ")")
          .expecting("at most " + std::to_string(rows - 1), std::to_string(ids[i]));
    result[i] = static_cast<std::size_t>(ids[i]);
  }
  return result;
}
template <class T>
void gather_rows(const T* from, std::size_t width, const core::detail::Vec<std::size_t>& rows, T* to) {
  for (const std::size_t row : rows) to = std::copy_n(from + row * width, width, to);
}
template <class T>
[[nodiscard]] Edge gather_edge(Source source, std::size_t size, std::size_t width,
                               core::detail::Vec<std::size_t> rows) {
  const auto shared = std::make_shared<const core::detail::Vec<std::size_t>>(std::move(rows));
  const auto adding = [=](auto slice_of) {
    return edge<T>(source, size, [=](std::span<const T> upstream, std::span<T> sum) {
      const T* from = upstream.data();
      for (const std::size_t row : *shared)
        for (std::size_t j = 0; j < width; ++j) sum[row * width + j] += slice_of(*from++);
    });
  };
  Edge result = adding([](T x) { return x; });
  result.add_squares = adding([](T x) { return x * x; }).add;
  return result;
}

template <class Ids>
struct IdsAreIntegers {
  static_assert(!std::is_same_v<Ids, Ids>, "cairn: rows are gathered by their numbers, so these must be integers.");
};

}  // namespace ops::detail

// The rows of the matrix `rows` with these numbers, one for each element of `ids`: a Tensor of `rows`' dtype, whose
// shape is that of `ids` with the length of a row behind it. The ids are integers other than bool. Throws Error
// with ErrorCode::invalid_argument for an id that is negative, or not less than the number of rows.
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
    const std::size_t width = rows.extent(1);
    Shape shape = ids.shape();
    shape.push_back(static_cast<std::int64_t>(width));
    Result y(shape);
    core::detail::Vec<std::size_t> places = ops::detail::checked_rows(ids.span(), rows.extent(0));
    ops::detail::gather_rows(rows.data(), width, places, y.data());
    if constexpr (std::floating_point<T>)
      if (ops::detail::is_recording())
        ops::detail::record(
            y, ops::detail::gather_edge<T>(ops::detail::source_of(rows), rows.size(), width, std::move(places)));
    return y;
  }
}

}  // namespace cairn
