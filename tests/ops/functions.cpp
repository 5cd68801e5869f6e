#include "cairn/ops/nn.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/arithmetic.hpp"
#include "cairn/ops/creation.hpp"
#include "cairn/ops/math.hpp"
#include "cairn/ops/reduce.hpp"
#include "cairn/tensor/print.hpp"
#include "ops/finite_differences.hpp"
#include "support/text.hpp"

#include <cmath>
#include <limits>

using cairn::test::text;

TEST_CASE("functions of each element have the values of mathematics") {
  const cairn::Tensor<float, 3> x{-2, 0, 4};
  CHECK(text(cairn::square(x)) == "[4 0 16]");
  CHECK(text(cairn::abs(x)) == "[2 0 4]");
  CHECK(text(cairn::relu(x)) == "[0 0 4]");
  CHECK(text(cairn::sqrt(cairn::abs(x) * 2.0f)) == "[2 0 2.828427]");
  CHECK(cairn::sigmoid(x)[1] == 0.5f);
  CHECK(cairn::tanh(x)[2] == doctest::Approx(std::tanh(4.0)));
  CHECK(cairn::exp(x)[0] == doctest::Approx(std::exp(-2.0)));
  CHECK(cairn::log(cairn::square(x))[2] == doctest::Approx(std::log(16.0)));
}

TEST_CASE("softmax makes each row a distribution, also of numbers that exp cannot take") {
  const cairn::Tensor<float, 2, 3> x{{1, 2, 3}, {1000, 1000, -1000}};
  const auto y = cairn::softmax(x);
  CHECK(y(0, 0) == doctest::Approx(0.09003057));
  CHECK(y(0, 2) == doctest::Approx(0.66524096));
  CHECK(y(1, 0) == 0.5f);
  CHECK(y(1, 2) == 0.0f);
}

TEST_CASE("sigmoid of numbers far away is 0 or 1") {
  const cairn::Tensor<float, 2> x{-1000, 1000};
  CHECK(text(cairn::sigmoid(x)) == "[0 1]");
}

TEST_CASE("relu passes a value that is not a number on, and its gradient at 0 is 0") {
  cairn::Variable<float, 3> x{0, std::numeric_limits<float>::quiet_NaN(), 1};
  cairn::GradientTape tape;
  const auto y = cairn::relu(x);
  CHECK(std::isnan(y[1]));
  CHECK(tape.gradient(y, x)[0] == 0.0f);
}

TEST_CASE("reduce_sum and reduce_mean make one number of all") {
  const cairn::Tensor<float, 2, 2> x{{1, 2}, {3, 5}};
  CHECK(cairn::reduce_sum(x) == 11.0f);
  CHECK(cairn::reduce_mean(x) == 2.75f);
  CHECK(cairn::reduce_sum(cairn::Tensor<int, 3>{1, 2, 3}) == 6);
  CHECK(std::isnan(static_cast<float>(cairn::reduce_mean(cairn::Tensor<float, 0>()))));
}

TEST_CASE("reduce_sum of many small floats keeps its digits") {
  const auto many = cairn::fill<float, 1000000>(0.1f);
  CHECK(cairn::reduce_sum(many) == doctest::Approx(100000.0).epsilon(1e-7));
}

TEST_CASE("zeros_like and ones_like take shape and type from their operand, static or dynamic") {
  const cairn::Variable<double, cairn::dynamic> variable(cairn::Shape{3});
  const cairn::Tensor<double, cairn::dynamic> ones = cairn::ones_like(variable);
  CHECK(text(ones) == "[1 1 1]");
  CHECK(text(cairn::zeros_like(ones)) == "[0 0 0]");
  CHECK(text(cairn::fill<int, 2, 2>(7)) == "[[7 7]\n [7 7]]");
  CHECK(text(cairn::ones<float, 2>() + cairn::zeros<float, 2>()) == "[1 1]");
}

TEST_CASE("the gradients of functions are those of finite differences") {
  cairn::Variable<double, 2, 3> x{{0.5, -1.5, 2.0}, {1.25, 3.0, -0.75}};
  const cairn::Tensor<double, 2, 3> weight{{1, 2, -1}, {0.5, -3, 1}};
  const auto check = [&](auto function) {
    cairn::test::check_gradient(x, [&] { return cairn::reduce_mean(function(x) * weight); });
  };
  SUBCASE("square") {
    check([](const auto& v) { return cairn::square(v); });
  }
  SUBCASE("sqrt") {
    check([](const auto& v) { return cairn::sqrt(cairn::square(v)); });
  }
  SUBCASE("exp") {
    check([](const auto& v) { return cairn::exp(v); });
  }
  SUBCASE("log") {
    check([](const auto& v) { return cairn::log(cairn::square(v) + 1); });
  }
  SUBCASE("abs") {
    check([](const auto& v) { return cairn::abs(v); });
  }
  SUBCASE("relu") {
    check([](const auto& v) { return cairn::relu(v); });
  }
  SUBCASE("sigmoid") {
    check([](const auto& v) { return cairn::sigmoid(v); });
  }
  SUBCASE("tanh") {
    check([](const auto& v) { return cairn::tanh(v); });
  }
  SUBCASE("softmax") {
    check([](const auto& v) { return cairn::softmax(v); });
  }
  SUBCASE("minus") {
    check([](const auto& v) { return -v; });
  }
}
