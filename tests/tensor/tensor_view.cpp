#include "cairn/tensor/tensor_view.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

TEST_CASE("a view shows dtype, shape and bytes, and copies nothing") {
  const std::array<float, 6> elements{};
  const cairn::TensorView view(cairn::DT_FLOAT, cairn::Shape{2, 3}, std::as_bytes(std::span(elements)));
  CHECK(view.dtype() == cairn::DT_FLOAT);
  CHECK(view.shape() == cairn::Shape{2, 3});
  CHECK(static_cast<const void*>(view.bytes().data()) == elements.data());
}

TEST_CASE("a view of bytes that are too many or too few for its shape is refused") {
  const std::array<std::byte, 8> bytes{};
  CHECK_NOTHROW(cairn::TensorView(cairn::DT_FLOAT, cairn::Shape{2}, bytes));
  CHECK_THROWS_AS(cairn::TensorView(cairn::DT_FLOAT, cairn::Shape{3}, bytes), cairn::Error);
  CHECK_THROWS_AS(cairn::TensorView(cairn::DT_FLOAT, cairn::Shape{1}, bytes), cairn::Error);
  CHECK_THROWS_AS(cairn::TensorView(cairn::DT_FLOAT, cairn::Shape{-2}, bytes), cairn::Error);
  CHECK_THROWS_AS(cairn::TensorView(cairn::DT_VARIANT, cairn::Shape{2}, bytes), cairn::Error);
}

TEST_CASE("a view of strings shows strings, as many as its shape says") {
  const std::array<std::string, 2> strings{"a", "b"};
  CHECK(cairn::TensorView(cairn::Shape{2}, strings).dtype() == cairn::DT_STRING);
  CHECK_THROWS_AS(cairn::TensorView(cairn::Shape{3}, strings), cairn::Error);
}
