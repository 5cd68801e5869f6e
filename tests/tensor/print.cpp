#include "cairn/tensor/print.hpp"

#include <doctest/doctest.h>

#include "support/text.hpp"

#include <complex>
#include <limits>

using cairn::test::text;

TEST_CASE("rows print in brackets, one below the other") {
  CHECK(text(cairn::Tensor<float, 3>{0.5f, 1.25f, -3}) == "[0.5 1.25 -3]");
  CHECK(text(cairn::Variable<int, 2, 2>{{1, 2}, {3, 4}}) == "[[1 2]\n [3 4]]");
}

TEST_CASE("matrices in a tensor of three axes are an empty line apart") {
  cairn::Tensor<int, 2, 2, 1> tensor;
  for (std::size_t i = 0; i < 4; ++i) tensor.data()[i] = static_cast<int>(i);
  CHECK(text(tensor) == "[[[0]\n  [1]]\n\n [[2]\n  [3]]]");
}

TEST_CASE("a float prints with as many digits as it takes to read it back, a double with 8") {
  CHECK(text(cairn::Tensor<float, 3>{0.1f, 1.0f / 3, 1e-10f}) == "[0.1 0.33333334 1e-10]");
  CHECK(text(cairn::Tensor<double, 2>{0.1 + 0.2, 3.14159265358979}) == "[0.3 3.1415927]");
}

TEST_CASE("what is not finite prints as such") {
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(text(cairn::Tensor<float, 3>{infinity, -infinity, std::numeric_limits<float>::quiet_NaN()}) ==
        "[inf -inf nan]");
}

TEST_CASE("more than 1000 elements are shortened in the middle of each axis") {
  cairn::Tensor<int, 1001> row;
  for (std::size_t i = 0; i < row.size(); ++i) row.data()[i] = static_cast<int>(i);
  CHECK(text(row) == "[0 1 2 ... 998 999 1000]");
  CHECK(text(cairn::Tensor<int, 7, 200>()) ==
        "[[0 0 0 ... 0 0 0]\n [0 0 0 ... 0 0 0]\n [0 0 0 ... 0 0 0]\n ...\n [0 0 0 ... 0 0 0]\n [0 0 0 ... 0 0 0]\n "
        "[0 0 0 ... 0 0 0]]");
  CHECK(text(cairn::Tensor<int, 2, 501>()) == "[[0 0 0 ... 0 0 0]\n [0 0 0 ... 0 0 0]]");
}

TEST_CASE("no elements print at once, whatever the extents are") {
  CHECK(text(cairn::AnyTensor(cairn::DT_FLOAT, cairn::Shape{std::int64_t{1} << 60, 0})) == "[]");
  CHECK(text(cairn::Tensor<float, 0>()) == "[]");
}

TEST_CASE("every kind of element has its text") {
  CHECK(text(cairn::Tensor<bool, 2>{true, false}) == "[true false]");
  CHECK(text(cairn::Tensor<std::string, 2>{"a", "b c"}) == "[\"a\" \"b c\"]");
  CHECK(text(cairn::Tensor<std::uint8_t, 2>{0, 255}) == "[0 255]");
  CHECK(text(cairn::Tensor<std::int64_t, 1>{std::numeric_limits<std::int64_t>::min()}) == "[-9223372036854775808]");
  CHECK(text(cairn::Tensor<std::complex<float>, 2>{{1, -2}, {0.5f, 3}}) == "[1-2j 0.5+3j]");
  CHECK(text(cairn::Tensor<cairn::half, 2>{cairn::half(1.5f), cairn::half(0.1f)}) == "[1.5 0.09998]");
  CHECK(text(cairn::Tensor<cairn::int4, 1>{cairn::int4(-3)}) == "[-3]");
}

TEST_CASE("an AnyTensor prints like the tensor of its dtype, a scalar without brackets") {
  CHECK(text(cairn::AnyTensor(cairn::Tensor<float, 2>{0.5f, 1})) == "[0.5 1]");
  CHECK(text(cairn::AnyTensor(cairn::Tensor<std::int64_t>(7))) == "7");
  CHECK(text(cairn::AnyTensor(cairn::Shape{1}, {"x"})) == "[\"x\"]");
  CHECK(text(cairn::AnyTensor(cairn::DT_QINT8, cairn::Shape{2, 3})) == "<qint8 [2, 3]>");
}
