#include "cairn/tensor/any_tensor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using cairn::AnyTensor;
using cairn::Shape;

TEST_CASE("an AnyTensor holds what a Tensor or Variable held, and gives it back") {
  const AnyTensor tensor(cairn::Variable<float, 2, 2>{{1, 2}, {3, 4}});
  CHECK(tensor.dtype() == cairn::DT_FLOAT);
  CHECK(tensor.shape() == Shape{2, 2});
  const auto typed = tensor.to<float, 2, cairn::dynamic>();
  CHECK(typed(1, 0) == 3.0f);
}

TEST_CASE("elements are never cast: another dtype is refused and both are named") {
  const AnyTensor tensor(cairn::Tensor<float, 2>{1, 2});
  try {
    static_cast<void>(tensor.span<double>());
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == cairn::ErrorCode::invalid_argument);
    CHECK(error.expected() == "float64");
    CHECK(error.found() == "float32");
  }
}

TEST_CASE("another shape is refused") {
  const AnyTensor tensor(cairn::Tensor<float, 2>{1, 2});
  CHECK_THROWS_AS(static_cast<void>(tensor.to<float, 3>()), cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(tensor.scalar<float>()), cairn::Error);
}

TEST_CASE("one element is a scalar, whatever its rank") {
  CHECK(AnyTensor(cairn::Tensor<int, 1, 1>{{5}}).scalar<int>() == 5);
  CHECK(AnyTensor(cairn::Tensor<int>(6)).scalar<int>() == 6);
}

TEST_CASE("strings are kept as strings") {
  const AnyTensor tensor(Shape{2}, {"one", ""});
  CHECK(tensor.dtype() == cairn::DT_STRING);
  CHECK(tensor.span<std::string>()[0] == "one");
  CHECK(tensor.view().strings().size() == 2);
  CHECK(tensor.bytes().empty());
}

TEST_CASE("a shape that is no shape is refused before memory is asked for") {
  CHECK_THROWS_AS(AnyTensor(cairn::DT_FLOAT, Shape{-1}), cairn::Error);
  CHECK_THROWS_AS(AnyTensor(cairn::DT_FLOAT, Shape{std::int64_t{1} << 40, std::int64_t{1} << 40}), cairn::Error);
  CHECK_THROWS_AS(AnyTensor(cairn::DT_DOUBLE, Shape{std::int64_t{1} << 62}), cairn::Error);
  CHECK_THROWS_AS(AnyTensor(cairn::DT_VARIANT, Shape{}), cairn::Error);
}

TEST_CASE("copies are deep, and equal until one changes") {
  AnyTensor first(cairn::Tensor<float, 2>{1, 2});
  const AnyTensor second = first;
  CHECK(first == second);
  first.span<float>()[0] = 9;
  CHECK_FALSE(first == second);
  CHECK(second.span<float>()[0] == 1.0f);
}

TEST_CASE("elements in a list must be as many as the shape says") {
  const std::vector<float> elements{1, 2, 3};
  CHECK_THROWS_AS(AnyTensor(Shape{2}, std::span<const float>(elements)), cairn::Error);
}
