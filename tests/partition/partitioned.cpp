#include <cairn/partition/partitioned.hpp>

#include <doctest/doctest.h>

#include <cairn/graph/named_tensors.hpp>

#include "partition/states.hpp"

#include <complex>
#include <limits>
#include <numeric>
#include <utility>

using namespace cairn;
using namespace cairn::test;

TEST_CASE("the elements of the boxes lie one box behind the other, each row by row, and are found by their index") {
  Partitioned<int> field{Shape{4, 5}, {{{0, 0}, {2, 2}}, {{3, 3}, {1, 2}}}};
  CHECK(field.shape() == Shape{4, 5});
  CHECK(field.dtype() == DT_INT32);
  CHECK(field.size() == 6);
  CHECK_FALSE(field.is_whole());
  std::iota(field.span().begin(), field.span().end(), 0);
  CHECK(field(0, 1) == 1);
  CHECK(field(1, 0) == 2);
  CHECK(field(3, 4) == 5);
  field(3, 3) = 7;
  CHECK(field.span(1)[0] == 7);
  CHECK(std::as_const(field).span(0).size() == 4);
  CHECK(field.contains(1, 1));
  CHECK_FALSE(field.contains(1, 2));
  CHECK_FALSE(field.contains(3, 2));
  CHECK_FALSE(field.contains(-1, 0));
  CHECK_FALSE(field.contains(0));
}

TEST_CASE("a Partitioned is zero at first, and a copy has elements of its own") {
  Partitioned<float> field{Shape{6}, block_rows(6, 1, 2)};
  CHECK(field.boxes() == std::vector<Box>{{{3}, {3}}});
  CHECK(field(4) == 0);
  field(4) = 2;
  Partitioned<float> copy = field;
  copy(4) = 3;
  CHECK(field(4) == 2);
  field = copy;
  CHECK(field(4) == 3);
  const Partitioned<float> moved = std::move(copy);
  CHECK(moved(4) == 3);
}

TEST_CASE("a Partitioned of a shape alone is whole, of no boxes empty") {
  CHECK(Partitioned<float>(Shape{2, 3}).is_whole());
  CHECK(Partitioned<float>(Shape{2, 3}).size() == 6);
  CHECK(Partitioned<float>(Shape{}).size() == 1);
  CHECK(Partitioned<std::complex<float>>(Shape{0, 3}).is_whole());
  CHECK(Partitioned<float>(Shape{2, 3}, std::vector<Box>{}).size() == 0);
  CHECK_FALSE(Partitioned<float>(Shape{2, 3}, std::vector<Box>{}).is_whole());
  CHECK_FALSE(Partitioned<float>().is_whole());
}

TEST_CASE("boxes beyond the shape, or that share elements, are refused, and shapes without a number of elements") {
  const auto code_of_boxes = [](const Shape& shape, std::vector<Box> boxes) {
    return code_of([&] { Partitioned<float>(shape, std::move(boxes)); });
  };
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  CHECK(code_of_boxes({4, 4}, {{{0, 0}, {4, 5}}}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({4, 4}, {{{1, 0}, {4, 4}}}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({4, 4}, {{{-1, 0}, {1, 4}}}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({4, 4}, {{{0, 0}, {-1, 4}}}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({4, 4}, {{{huge, 0}, {huge, 4}}}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({4, 4}, {{{0}, {4}}}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({4, 4}, {{{0, 0}, {4}}}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({4, 4}, {{{0, 0}, {2, 2}}, {{1, 1}, {2, 2}}}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({4, 4}, {{{0, 0}, {2, 2}}, {{1, 1}, {0, 2}}}) == std::nullopt);
  CHECK(code_of_boxes({huge, 4}, {}) == ErrorCode::invalid_argument);
  CHECK(code_of_boxes({-1}, {}) == ErrorCode::invalid_argument);
  CHECK(sentence_of([] { Partitioned<float>(Shape{4, 4}, Box{{1, 0}, {4, 4}}); }) ==
        "the box [4, 4] from [1, 0] on does not lie inside a tensor of shape [4, 4]");
}

TEST_CASE("a class of several tensors gets a tensor into a Partitioned that is all of it in one box, and no other") {
  Partitioned<double> saved{Shape{2, 3}}, whole{Shape{2, 3}};
  Partitioned<double> rows{Shape{2, 3}, {block_rows(2, 1, 2).of(Shape{2, 3}), block_rows(2, 0, 2).of(Shape{2, 3})}};
  fill(saved);
  NamedTensors tensors;
  tensors.add("values", saved);
  tensors.get("values", whole);
  CHECK(is_filled(whole));
  CHECK(code_of([&] { tensors.get("values", rows); }) == ErrorCode::unimplemented);
  CHECK(rows(1, 2) == 0);
}
