#include "cairn/ops/arithmetic.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/reduce.hpp"
#include "cairn/tensor/print.hpp"
#include "ops/finite_differences.hpp"
#include "support/text.hpp"

#include <cstddef>
#include <tuple>
#include <type_traits>

using cairn::test::text;

namespace {

const cairn::Tensor<float, 2, 3> matrix{{1, 2, 3}, {4, 5, 6}};

}  // namespace

TEST_CASE("operators work element by element on tensors of one shape") {
  CHECK(text(matrix + matrix) == "[[2 4 6]\n [8 10 12]]");
  CHECK(text(matrix - matrix) == "[[0 0 0]\n [0 0 0]]");
  CHECK(text(matrix * matrix) == "[[1 4 9]\n [16 25 36]]");
  CHECK(text(matrix / matrix) == "[[1 1 1]\n [1 1 1]]");
  CHECK(text(-matrix) == "[[-1 -2 -3]\n [-4 -5 -6]]");
}

TEST_CASE("an operand of the last axes alone repeats along the first ones") {
  const cairn::Tensor<float, 3> row{10, 20, 30};
  CHECK(text(matrix + row) == "[[11 22 33]\n [14 25 36]]");
  CHECK(text(row - matrix) == "[[9 18 27]\n [6 15 24]]");
}

TEST_CASE("an extent of 1 repeats, on both sides at once") {
  const cairn::Tensor<int, 2, 1> column{{1}, {2}};
  const cairn::Tensor<int, 3> row{10, 20, 30};
  const auto sum = column + row;
  static_assert(std::is_same_v<decltype(sum), const cairn::Tensor<int, 2, 3>>);
  CHECK(text(sum) == "[[11 21 31]\n [12 22 32]]");
}

TEST_CASE("operands of five axes repeat along every other one, and their gradients are sums along these") {
  cairn::Variable<double, 2, 1, 3, 1, 2> a;
  cairn::Variable<double, 1, 2, 1, 3, 1> b;
  for (std::size_t i = 0; i < a.size(); ++i) a.data()[i] = static_cast<double>(i + 1);
  for (std::size_t i = 0; i < b.size(); ++i) b.data()[i] = static_cast<double>(i) / 8;
  const cairn::Tensor<double, 2, 2, 3, 3, 2> product = a * b;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      for (int k = 0; k < 3; ++k)
        for (int l = 0; l < 3; ++l)
          for (int m = 0; m < 2; ++m) CHECK(product(i, j, k, l, m) == a(i, 0, k, 0, m) * b(0, j, 0, l, 0));
  cairn::GradientTape tape;
  const auto [by_a, by_b] = tape.gradient(a * b, std::tie(a, b));
  for (const double value : by_a.span()) CHECK(value == 15.0 / 8);
  for (const double value : by_b.span()) CHECK(value == 78);
}

TEST_CASE("numbers stand on either side, and take the elements' type") {
  const auto scaled = 2 * matrix + 0.5;
  static_assert(std::is_same_v<decltype(scaled), const cairn::Tensor<float, 2, 3>>);
  CHECK(text(scaled) == "[[2.5 4.5 6.5]\n [8.5 10.5 12.5]]");
  CHECK(text(12.0f / matrix) == "[[12 6 4]\n [3 2.4 2]]");
}

TEST_CASE("scalar tensors and scalar variables are operands like all others") {
  const cairn::Variable<float> rate(0.5f);
  CHECK(text(matrix * rate) == "[[0.5 1 1.5]\n [2 2.5 3]]");
  const float sum = rate + cairn::Tensor<float>(1.0f);
  CHECK(sum == 1.5f);
}

TEST_CASE("an integer scalar counts and is divided as in C++") {
  cairn::Variable<std::int64_t> step(7);
  step.assign_add(1);
  CHECK(step % 2 == 0);
  CHECK(step / 3 == 2);
  const std::int64_t next = step + 1;
  CHECK(next == 9);
}

TEST_CASE("a variable is read at its present value") {
  cairn::Variable<float, 2> variable{1, 2};
  const auto before = variable * 2.0f;
  variable.assign(variable * 10.0f);
  CHECK(text(before) == "[2 4]");
  CHECK(text(variable) == "[10 20]");
}

TEST_CASE("a dynamic extent fits to a static one when it is equal at run time") {
  const cairn::Tensor<float, cairn::dynamic, 3> batch(matrix.shape(), matrix.span());
  static_assert(std::is_same_v<decltype(batch + batch), cairn::Tensor<float, cairn::dynamic, 3>>);
  static_assert(std::is_same_v<decltype(batch + matrix), cairn::Tensor<float, 2, 3>>);
  CHECK(text(batch + matrix) == "[[2 4 6]\n [8 10 12]]");
  const cairn::Tensor<float, cairn::dynamic, 3> longer(cairn::Shape{4, 3});
  CHECK_THROWS_AS(static_cast<void>(batch + longer), cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(longer + matrix), cairn::Error);
}

TEST_CASE("a tensor without elements stays without elements") {
  const cairn::Tensor<float, 0, 3> none;
  CHECK((none + cairn::Tensor<float, 3>{1, 2, 3}).size() == 0);
  CHECK((none * 2.0f).size() == 0);
}

TEST_CASE("the gradients of + - * / are those of finite differences, also where operands repeat") {
  cairn::Variable<double, 2, 3> a{{0.5, -1.5, 2.0}, {1.25, 3.0, -0.75}};
  cairn::Variable<double, 3> b{1.5, -2.0, 0.5};
  cairn::Variable<double, 2, 1> c{{0.7}, {-1.1}};
  const auto loss = [&] { return cairn::reduce_sum((a + b) * (c - a) / (b * 2.0) - c * (3.0 / b)); };
  cairn::test::check_gradient(a, loss);
  cairn::test::check_gradient(b, loss);
  cairn::test::check_gradient(c, loss);
}
