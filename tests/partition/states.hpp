// Tensors that are divided in many ways, for tests.
#pragma once

#include <cairn/partition.hpp>

#include "checkpoint/states.hpp"
#include "support/errors.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::test {

struct Field {
  Partitioned<double> pressure;
};

// Element i of the tensor is i + first, wherever it lies.
template <class T>
T value_at(std::size_t flat, int first = 1) {
  return static_cast<T>(flat + static_cast<std::size_t>(first));
}
// Calls use(place among the elements, place in the tensor) for all elements that are here.
template <class T, class Use>
void for_each_element(const Partitioned<T>& field, Use use) {
  std::size_t place = 0;
  for (const Box& box : field.boxes())
    for (std::int64_t i = 0; i < box.shape.num_elements(); ++i) {
      std::int64_t rest = i, flat = 0, stride = 1;
      for (std::size_t axis = box.shape.rank(); axis-- > 0; stride *= field.shape()[axis]) {
        flat += (rest % box.shape[axis] + box.start[axis]) * stride;
        rest /= box.shape[axis];
      }
      use(place++, static_cast<std::size_t>(flat));
    }
}
template <class T>
void fill(Partitioned<T>& field, int first = 1) {
  for_each_element(field, [&](std::size_t place, std::size_t flat) { field.span()[place] = value_at<T>(flat, first); });
}
template <class T>
bool is_filled(const Partitioned<T>& field, int first = 1) {
  bool is_right = true;
  for_each_element(field, [&](std::size_t place, std::size_t flat) {
    is_right = is_right && field.span()[place] == value_at<T>(flat, first);
  });
  return is_right;
}

// Ways to divide a matrix of at least [4, 4] into boxes that cover it.
inline std::vector<std::vector<Box>> divisions(const Shape& shape) {
  const std::int64_t rows = shape[0], columns = shape[1];
  std::vector<std::vector<Box>> all{{Box{{0, 0}, shape}}};
  for (const int count : {2, 3}) {
    std::vector<Box> by_rows, by_columns;
    for (int rank = 0; rank < count; ++rank) {
      by_rows.push_back(block_rows(rows, rank, count).of(shape));
      by_columns.push_back(block_columns(columns, rank, count).of(shape));
    }
    all.push_back(by_rows);
    all.push_back(by_columns);
  }
  std::vector<Box> blocks;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) blocks.push_back(grid_block(shape, {i, j}, {2, 3}));
  all.push_back(blocks);
  // No cut goes through from one side to the other; and some are empty.
  all.push_back({{{0, 0}, {1, columns - 1}},
                 {{0, columns - 1}, {rows - 1, 1}},
                 {{rows - 1, 1}, {1, columns - 1}},
                 {{1, 0}, {rows - 1, 1}},
                 {{2, 2}, {0, 1}},
                 {{1, 1}, {rows - 2, columns - 2}}});
  return all;
}

}  // namespace cairn::test
