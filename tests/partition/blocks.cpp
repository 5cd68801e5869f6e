#include <cairn/partition/blocks.hpp>

#include <doctest/doctest.h>

#include "support/errors.hpp"

using namespace cairn;
using cairn::test::code_of;

TEST_CASE("the blocks of all ranks follow each other, and differ by one row at most") {
  for (const std::int64_t rows : {0, 1, 3, 4, 10, 1000})
    for (const int ranks : {1, 2, 3, 7}) {
      std::int64_t end = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const Band band = block_rows(rows, rank, ranks);
        CHECK(band.axis == 0);
        CHECK(band.start == end);
        CHECK((band.size == rows / ranks || band.size == rows / ranks + 1));
        end += band.size;
      }
      CHECK(end == rows);
    }
}

TEST_CASE("a band is whole along all other axes") {
  CHECK(block_rows(10, 1, 3).of({10, 4}) == Box{{4, 0}, {3, 4}});
  CHECK(block_columns(4, 0, 3).of({10, 4}) == Box{{0, 0}, {10, 2}});
  CHECK(block_of_axis(2, 6, 1, 2).of({2, 3, 6, 5}) == Box{{0, 0, 3, 0}, {2, 3, 3, 5}});
}

TEST_CASE("a block of a grid is one along each axis of the grid, and whole along the others") {
  CHECK(grid_block({8, 9}, {1, 2}, {2, 3}) == Box{{4, 6}, {4, 3}});
  CHECK(grid_block({8, 9, 5}, {0}, {3}) == Box{{0, 0, 0}, {3, 9, 5}});
  CHECK(grid_block({2, 2}, {2, 0}, {3, 1}) == Box{{2, 0}, {0, 2}});
}

TEST_CASE("a block of a rank that does not exist, or along an axis that does not, is refused") {
  CHECK(code_of([] { (void)block_rows(10, 3, 3); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { (void)block_rows(10, -1, 3); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { (void)block_rows(10, 0, 0); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { (void)block_rows(-1, 0, 1); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { (void)block_columns(4, 0, 1).of({4}); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { (void)grid_block({4}, {0, 0}, {1, 1}); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { (void)grid_block({4, 4}, {0}, {1, 1}); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { (void)grid_block({4, 4}, {0, 1}, {1, 1}); }) == ErrorCode::invalid_argument);
}
