#include "cairn/ops/matmul.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/math.hpp"
#include "cairn/ops/reduce.hpp"
#include "cairn/tensor/print.hpp"
#include "ops/finite_differences.hpp"

#include <sstream>

TEST_CASE("matmul is the matrix product") {
  const cairn::Tensor<int, 2, 3> a{{1, 2, 3}, {4, 5, 6}};
  const cairn::Variable<int, 3, 2> b{{7, 8}, {9, 10}, {11, 12}};
  const cairn::Tensor<int, 2, 2> product = cairn::matmul(a, b);
  std::ostringstream text;
  text << product;
  CHECK(text.str() == "[[58 64]\n [139 154]]");
}

TEST_CASE("matmul takes a batch whose size is known at run time") {
  const cairn::Tensor<float, cairn::dynamic, 2> batch(cairn::Shape{3, 2});
  const cairn::Tensor<float, 2, 4> weights;
  const cairn::Tensor<float, cairn::dynamic, 4> product = cairn::matmul(batch, weights);
  CHECK(product.shape() == cairn::Shape{3, 4});
}

TEST_CASE("matmul refuses dynamic extents that do not fit") {
  const cairn::Tensor<float, 2, cairn::dynamic> a(cairn::Shape{2, 3});
  const cairn::Tensor<float, 4, 2> b;
  try {
    static_cast<void>(cairn::matmul(a, b));
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == cairn::ErrorCode::invalid_argument);
    CHECK(error.expected() == "3");
    CHECK(error.found() == "4");
  }
}

TEST_CASE("the gradients of matmul are those of finite differences") {
  cairn::Variable<double, 2, 3> a{{0.5, -1.5, 2.0}, {1.25, 3.0, -0.75}};
  cairn::Variable<double, 3, 4> b{{1, -2, 0.5, 0}, {0.25, 3, -1, 2}, {-0.5, 1, 1.5, -2}};
  const auto loss = [&] { return cairn::reduce_sum(cairn::square(cairn::matmul(a, b))); };
  cairn::test::check_gradient(a, loss);
  cairn::test::check_gradient(b, loss);
}

TEST_CASE("matmul is right at the edges of its blocks") {
  for (const std::size_t inner : {1u, 3u, 4u, 63u, 64u, 65u, 130u})
    for (const std::size_t columns : {1u, 15u, 16u, 17u, 64u, 85u}) {
      CAPTURE(inner);
      CAPTURE(columns);
      const auto extent = [](std::size_t value) { return static_cast<std::int64_t>(value); };
      cairn::Tensor<int, cairn::dynamic, cairn::dynamic> a(cairn::Shape{3, extent(inner)});
      cairn::Tensor<int, cairn::dynamic, cairn::dynamic> b(cairn::Shape{extent(inner), extent(columns)});
      for (std::size_t i = 0; i < a.size(); ++i) a.data()[i] = static_cast<int>(i * 7 % 13) - 6;
      for (std::size_t i = 0; i < b.size(); ++i) b.data()[i] = static_cast<int>(i * 5 % 11) - 5;
      const auto product = cairn::matmul(a, b);
      bool is_right = true;
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < columns; ++j) {
          int sum = 0;
          for (std::size_t k = 0; k < inner; ++k)
            sum += static_cast<int>((i * inner + k) * 7 % 13 - 6) * static_cast<int>((k * columns + j) * 5 % 11 - 5);
          is_right = is_right && product(i, j) == sum;
        }
      CHECK(is_right);
    }
}
