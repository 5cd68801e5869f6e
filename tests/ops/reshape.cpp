#include "cairn/ops/reshape.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/arithmetic.hpp"
#include "cairn/ops/reduce.hpp"

#include <type_traits>
#include <utility>

TEST_CASE("reshape keeps the elements in order, and shares them until they are written to") {
  const cairn::Tensor<int, 2, 3> x{{1, 2, 3}, {4, 5, 6}};
  auto y = cairn::reshape<3, 2>(x);
  CHECK(std::as_const(y).data() == x.data());
  CHECK(std::as_const(y)(2, 0) == 5);
  y(0, 0) = 9;
  CHECK(x(0, 0) == 1);
}

TEST_CASE("one extent may be left to reshape") {
  const cairn::Tensor<float, cairn::dynamic, 2, 3> x(cairn::Shape{4, 2, 3});
  const auto rows = cairn::reshape<cairn::dynamic, 6>(x);
  static_assert(std::is_same_v<decltype(rows), const cairn::Tensor<float, cairn::dynamic, 6>>);
  CHECK(rows.shape() == cairn::Shape{4, 6});
}

TEST_CASE("a reshape that leaves elements over is refused when it runs, where the compiler cannot know") {
  const cairn::Tensor<float, cairn::dynamic> x(cairn::Shape{5});
  CHECK_THROWS_AS(static_cast<void>(cairn::reshape<2, 3>(x)), cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(cairn::reshape<cairn::dynamic, 2>(x)), cairn::Error);
}

TEST_CASE("gradients go through a reshape, of Tensors and of Variables") {
  cairn::Variable<double, 4> x{1, 2, 3, 4};
  const cairn::Tensor<double, 2, 2> weights{{5, 6}, {7, 8}};
  cairn::GradientTape tape;
  const auto y = cairn::reshape<2, 2>(cairn::reshape<4, 1>(x)) * weights;
  const auto gradient = tape.gradient(cairn::reduce_sum(y), x);
  for (std::size_t i = 0; i < 4; ++i) CHECK(gradient[i] == 5.0 + static_cast<double>(i));
}
