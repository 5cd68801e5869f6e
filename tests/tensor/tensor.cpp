#include "cairn/tensor/tensor.hpp"

#include <doctest/doctest.h>

#include "support/errors.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

using cairn::Shape;
using cairn::Tensor;

TEST_CASE("a fresh tensor is zero, or empty strings") {
  CHECK(Tensor<float, 2>()[1] == 0.0f);
  CHECK(Tensor<std::string, 2>()[1].empty());
  CHECK(Tensor<int>() == 0);
}

TEST_CASE("elements are row-major") {
  const Tensor<int, 2, 3> tensor{{1, 2, 3}, {4, 5, 6}};
  CHECK(tensor(1, 0) == 4);
  CHECK(tensor.data()[3] == 4);
  CHECK(tensor.shape() == Shape{2, 3});
}

TEST_CASE("a copy is a value of its own: writing to one does not change the other") {
  Tensor<int, 2> first{1, 2};
  const Tensor<int, 2> second = first;
  CHECK(second.data() == std::as_const(first).data());  // shared as long as nobody writes
  first[0] = 9;
  CHECK(second[0] == 1);
  CHECK(first[0] == 9);
}

TEST_CASE("a number is a scalar tensor, and back") {
  const Tensor<float> scalar = 2.5f;
  const float number = scalar;
  CHECK(number == 2.5f);
  CHECK(scalar.shape() == Shape{});
  CHECK(scalar.size() == 1);
}

TEST_CASE("a dynamic extent is known at run time") {
  const Tensor<float, cairn::dynamic, 3> fresh;
  CHECK(fresh.size() == 0);
  const Tensor<float, cairn::dynamic, 3> tensor(Shape{4, 3});
  CHECK(tensor.extent(0) == 4);
  CHECK(tensor.size() == 12);
}

TEST_CASE("a shape that the declaration does not allow is refused") {
  const auto make = [](const Shape& shape) { return Tensor<float, cairn::dynamic, 3>(shape); };
  for (const Shape& shape : {Shape{4, 2}, Shape{3}, Shape{}, Shape{-1, 3}}) {
    CAPTURE(shape.to_string());
    try {
      static_cast<void>(make(shape));
      FAIL("nothing was thrown");
    } catch (const cairn::Error& error) {
      CHECK(error.code() == cairn::ErrorCode::invalid_argument);
      CHECK(error.expected() == "[?, 3]");
      CHECK(error.found() == shape.to_string());
    }
  }
}

TEST_CASE("elements that do not fill a shape are refused") {
  const std::vector<float> three{1, 2, 3};
  for (const Shape& shape : {Shape{2}, Shape{4}}) {
    const cairn::Error error =
        cairn::test::error_of([&] { return Tensor<float, cairn::dynamic>(shape, std::span<const float>(three)); });
    CHECK(error.code() == cairn::ErrorCode::invalid_argument);
    CHECK(std::string(error.what()) == "3 elements cannot fill a tensor of shape " + shape.to_string());
    CHECK(error.expected() == std::to_string(shape.num_elements()) + " elements");
    CHECK(error.found() == "3 elements");
  }
}

TEST_CASE("a list of elements must be as long as the shape says") {
  CHECK_THROWS_AS((Tensor<int, 3>{1, 2}), cairn::Error);
  CHECK_THROWS_AS((Tensor<int, 2, 2>{{1, 2}, {3}}), cairn::Error);
}
