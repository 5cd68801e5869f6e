#include "cairn/tensor/variable.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

using cairn::Shape;
using cairn::Tensor;
using cairn::Variable;

TEST_CASE("a fresh variable is zero and called Variable, as TensorFlow's") {
  const Variable<float, 2> variable;
  CHECK(variable[0] == 0.0f);
  CHECK(variable.name() == "Variable");
  CHECK(variable.trainable());
}

TEST_CASE("a variable takes a name and whether it is trained") {
  const Variable<float, 2> variable({1, 2}, {.name = "bias", .trainable = false});
  CHECK(variable.name() == "bias");
  CHECK_FALSE(variable.trainable());
  CHECK(Variable<std::int64_t>(3, {.name = "step"}).name() == "step");
}

TEST_CASE("a variable's type is deduced from its first value") {
  const Variable scalar(2.5f);
  static_assert(std::is_same_v<decltype(scalar), const Variable<float>>);
  const Variable matrix(Tensor<int, 2, 2>{{1, 2}, {3, 4}});
  static_assert(std::is_same_v<decltype(matrix), const Variable<int, 2, 2>>);
  CHECK(matrix(1, 1) == 4);
}

TEST_CASE("assign, assign_add and assign_sub change the elements in place") {
  Variable<float, 2> variable{1, 2};
  const float* const where = variable.data();
  variable.assign({3, 4}).assign_add({1, 1}).assign_sub({0, 5});
  CHECK(variable[0] == 4.0f);
  CHECK(variable[1] == 0.0f);
  CHECK(variable.data() == where);
}

TEST_CASE("a scalar variable is assigned and read like a number") {
  Variable<std::int64_t> step;
  step.assign(41);
  step.assign_add(1);
  const std::int64_t value = step;
  CHECK(value == 42);
}

TEST_CASE("a matrix is assigned row by row") {
  Variable<float, 2, 2> matrix;
  matrix.assign({{1, 2}, {3, 4}});
  CHECK(matrix(1, 0) == 3.0f);
}

TEST_CASE("a variable of strings holds strings") {
  Variable<std::string, 2> names;
  names.assign({"a", "b"});
  CHECK(names[1] == "b");
}

TEST_CASE("a copy has the values and the name, and memory of its own") {
  Variable<float, 2> first({1, 2}, {.name = "first"});
  Variable<float, 2> second = first;
  first[0] = 9;
  CHECK(second[0] == 1.0f);
  CHECK(second.name() == "first");
  second = first;
  CHECK(second[0] == 9.0f);
  CHECK(second.data() != first.data());
}

TEST_CASE("copying onto a variable keeps its memory where the shape is static") {
  const Variable<float, 2> from{1, 2};
  Variable<float, 2> to;
  const float* const where = to.data();
  to = from;
  CHECK(to.data() == where);
}

TEST_CASE("a moved-from variable can be assigned to") {
  Variable<float, 2> first{1, 2};
  const Variable<float, 2> second = std::move(first);
  first.assign(second);  // NOLINT(bugprone-use-after-move)
  CHECK(first[1] == 2.0f);
}

TEST_CASE("a dynamic extent takes the assigned one, a static one refuses another and nothing has changed") {
  Variable<float, cairn::dynamic, 2> variable(Shape{1, 2});
  variable.assign(Tensor<float, cairn::dynamic, 2>(Shape{3, 2}));
  CHECK(variable.shape() == Shape{3, 2});
  CHECK_THROWS_AS((Variable<float, cairn::dynamic, 2>(Shape{3, 3})), cairn::Error);
  try {
    variable.assign_add(Tensor<float, cairn::dynamic, 2>(Shape{4, 2}));
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == cairn::ErrorCode::invalid_argument);
    CHECK(error.expected() == "[3, 2]");
    CHECK(error.found() == "[4, 2]");
  }
  CHECK(variable.shape() == Shape{3, 2});
}

TEST_CASE("value is a copy: later assignments do not change it") {
  Variable<float, 2> variable{1, 2};
  const auto before = variable.value();
  variable.assign({3, 4});
  CHECK(before[0] == 1.0f);
}

TEST_CASE("swap_elements exchanges values and leaves names") {
  Variable<float, 1> first({1}, {.name = "first"});
  Variable<float, 1> second({2}, {.name = "second"});
  first.swap_elements(second);
  CHECK(first[0] == 2.0f);
  CHECK(first.name() == "first");
}
