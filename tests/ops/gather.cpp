#include "cairn/ops/gather.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/arithmetic.hpp"
#include "cairn/ops/reduce.hpp"

#include <cstdint>
#include <limits>

TEST_CASE("gather takes rows by their numbers") {
  const cairn::Variable<float, 3, 2> rows{{1, 2}, {3, 4}, {5, 6}};
  const auto y = cairn::gather(rows, cairn::Tensor<std::int64_t, 2, 2>{{2, 0}, {2, 1}});
  CHECK(y.shape() == cairn::Shape{2, 2, 2});
  CHECK(y(0, 0, 1) == 6.0f);
  CHECK(y(1, 1, 0) == 3.0f);
}

TEST_CASE("a row that is gathered twice has the sum of both gradients") {
  const cairn::Variable<double, 3, 1> rows{{1}, {3}, {5}};
  const cairn::Tensor<double, 3, 1> weights{{10}, {20}, {40}};
  cairn::GradientTape tape;
  const auto y = cairn::gather(rows, cairn::Tensor<int, 3>{2, 0, 2}) * weights;
  const auto gradient = tape.gradient(cairn::reduce_sum(y), rows);
  CHECK(gradient(0, 0) == 20.0);
  CHECK(gradient(1, 0) == 0.0);
  CHECK(gradient(2, 0) == 50.0);
}

TEST_CASE("a number that is no row's is refused, whatever its type") {
  const cairn::Variable<float, 3, 2> rows;
  CHECK_THROWS_AS(static_cast<void>(cairn::gather(rows, cairn::Tensor<std::uint8_t, 1>{3})), cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(cairn::gather(rows, cairn::Tensor<std::int8_t, 1>{-1})), cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(
                      cairn::gather(rows, cairn::Tensor<std::uint64_t, 1>{std::numeric_limits<std::uint64_t>::max()})),
                  cairn::Error);
}
