#include "cairn/core/shape.hpp"

#include <doctest/doctest.h>

#include "cairn/core/dtype.hpp"

#include <cstdint>
#include <limits>
#include <sstream>
#include <utility>
#include <vector>

using cairn::Shape;

TEST_CASE("the number of elements is the product of the extents, 1 for a scalar") {
  CHECK(Shape{784, 10}.num_elements() == 7840);
  CHECK(Shape{}.num_elements() == 1);
  CHECK(Shape{3, 0, 5}.num_elements() == 0);
}

TEST_CASE("a shape prints as a list") {
  CHECK(Shape{784, 10}.to_string() == "[784, 10]");
  CHECK(Shape{}.to_string() == "[]");
}

TEST_CASE("extents that are negative or overflow have no number of elements") {
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  for (const Shape& shape :
       {Shape{-1}, Shape{0, -1}, Shape{huge, 2}, Shape{huge, huge, 0}, Shape{1ll << 32, 1ll << 31}}) {
    CAPTURE(shape.to_string());
    CHECK_FALSE(shape.checked_num_elements().has_value());
    CHECK_THROWS_AS(static_cast<void>(shape.num_elements()), cairn::Error);
  }
  CHECK(Shape{huge}.num_elements() == huge);
  CHECK(Shape{1ll << 32, 1ll << 30}.num_elements() == 1ll << 62);
}

TEST_CASE("shapes are equal when all extents are") {
  CHECK(Shape{2, 3} == Shape{2, 3});
  CHECK_FALSE(Shape{2, 3} == Shape{3, 2});
  CHECK_FALSE(Shape{2} == Shape{2, 1});
}

TEST_CASE("a shape of any rank is copied, moved and grown") {
  for (std::size_t rank = 0; rank < 10; ++rank) {
    CAPTURE(rank);
    std::vector<std::int64_t> extents;
    Shape grown;
    for (std::size_t i = 0; i < rank; ++i) {
      extents.push_back(static_cast<std::int64_t>(i) + 2);
      grown.push_back(extents.back());
    }
    Shape shape(extents);
    CHECK(shape == grown);
    CHECK(shape.rank() == rank);
    CHECK(std::vector<std::int64_t>(shape.begin(), shape.end()) == extents);
    Shape copy = shape;
    const Shape moved = std::move(shape);
    CHECK((copy == moved && moved == grown));
    shape = moved;
    CHECK(shape == grown);
    copy = Shape{7};
    shape = std::move(copy);
    CHECK((shape == Shape{7} && moved == grown));
    CHECK_FALSE(moved == shape);
  }
}

TEST_CASE("a shape and a dtype are printed as text") {
  std::ostringstream out;
  out << Shape{784, 10} << ' ' << Shape{} << ' ' << cairn::DT_BFLOAT16 << ' ' << static_cast<cairn::DType>(99);
  CHECK(out.str() == "[784, 10] [] bfloat16 unknown");
  CHECK((std::ostringstream() << Shape{2}).str() == "[2]");
}
