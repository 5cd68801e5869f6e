// block_rows, block_columns, grid_block: the elements of a tensor are divided among ranks, and each rank gets a block.
//
//   block_rows(10, rank, 4)               rows 0 to 2 | 3 to 5 | 6 and 7 | 8 and 9
//   block_columns(10, rank, 4)            columns in the same way
//   grid_block({8, 9}, {i, j}, {2, 3})    4 rows and 3 columns, for the process (i, j) of a grid of 2 by 3
//
// Where the blocks cannot be equal, the first ones have one row more. Where there are more ranks than rows, the last
// ranks get a block without elements.
#pragma once

#include "../core/box.hpp"
#include "../core/detail/fail.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE {

// All elements of a tensor whose index along one axis is in [start, start + size): rows, for axis 0.
struct Band {
  // The axis, the first index along it, and the number of indices.
  std::size_t axis = 0;
  std::int64_t start = 0;
  std::int64_t size = 0;

  // Returns the band of a tensor of that shape as a box. Throws Error with ErrorCode::invalid_argument when the shape
  // has no such axis.
  [[nodiscard]] Box of(const Shape& whole) const {
    if (axis >= whole.rank())
      core::detail::fail(ErrorCode::invalid_argument,
                         {"a tensor of shape ", whole.to_string(), " has no axis ", axis, " to be divided along"});
    Box box;
    for (std::size_t i = 0; i < whole.rank(); ++i) {
      box.start.push_back(i == axis ? start : 0);
      box.shape.push_back(i == axis ? size : whole[i]);
    }
    return box;
  }
};

// Returns the block of `rank` when `extent` indices of an axis are divided among `ranks`. Throws Error with
// ErrorCode::invalid_argument when the extent is negative, or `rank` is not in [0, ranks).
[[nodiscard]] inline Band block_of_axis(std::size_t axis, std::int64_t extent, int rank, int ranks) {
  if (extent < 0 || rank < 0 || rank >= ranks)
    core::detail::fail(ErrorCode::invalid_argument, {"an extent of ", extent, " has no block for the rank ", rank,
                                                     " of ", ranks, "; ranks are counted from 0"});
  const std::int64_t each = extent / ranks, longer = extent % ranks;
  return {axis, rank * each + std::min<std::int64_t>(rank, longer), each + (rank < longer ? 1 : 0)};
}
[[nodiscard]] inline Band block_rows(std::int64_t rows, int rank, int ranks) {
  return block_of_axis(0, rows, rank, ranks);
}
[[nodiscard]] inline Band block_columns(std::int64_t columns, int rank, int ranks) {
  return block_of_axis(1, columns, rank, ranks);
}

// Returns the block of one process of a grid: `place` has its coordinates, `grid` the number of processes along each
// axis (MPI_Cart_coords and MPI_Dims_create give such numbers). Axes behind the last one of the grid are whole. Throws
// Error with ErrorCode::invalid_argument when the coordinates are not in the grid, or the tensor has fewer axes.
[[nodiscard]] inline Box grid_block(const Shape& whole, std::span<const int> place, std::span<const int> grid) {
  if (place.size() != grid.size() || grid.size() > whole.rank())
    core::detail::fail(ErrorCode::invalid_argument,
                       {"a tensor of shape ", whole.to_string(), " cannot be divided by a grid of ", grid.size(),
                        " axes at a place of ", place.size()});
  Box box{std::vector<std::int64_t>(whole.rank()), Shape{}};
  for (std::size_t axis = 0; axis < whole.rank(); ++axis) {
    Band band{axis, 0, whole[axis]};
    if (axis < grid.size()) band = block_of_axis(axis, whole[axis], place[axis], grid[axis]);
    box.start[axis] = band.start;
    box.shape.push_back(band.size);
  }
  return box;
}
[[nodiscard]] inline Box grid_block(const Shape& whole, std::initializer_list<int> place,
                                    std::initializer_list<int> grid) {
  return grid_block(whole, std::span(place.begin(), place.size()), std::span(grid.begin(), grid.size()));
}

}  // namespace CAIRN_NAMESPACE
