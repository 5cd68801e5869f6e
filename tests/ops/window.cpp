#include "cairn/ops/detail/window.hpp"

#include <doctest/doctest.h>

using cairn::ops::detail::Window;
using cairn::ops::detail::window_positions;

TEST_CASE("a window without padding stays inside") {
  static_assert(window_positions(5, 3, 1, false) == 3);
  static_assert(window_positions(5, 3, 2, false) == 2);
  static_assert(window_positions(6, 3, 2, false) == 2);
  static_assert(window_positions(2, 3, 1, false) == 0);
  const Window window(6, 3, 2, false);
  CHECK(window.before == 0);
  CHECK(window.begin(1) == 0);
  CHECK(window.end(1) == 3);
  CHECK(window.at(1, 2) == 4);
}

TEST_CASE("a window with padding begins at each stride, and what is odd goes behind") {
  static_assert(window_positions(5, 3, 2, true) == 3);
  static_assert(window_positions(6, 3, 2, true) == 3);
  static_assert(window_positions(1, 9, 1, true) == 1);
  const Window odd(6, 3, 2, true);  // covers 7 of 6
  CHECK(odd.before == 0);
  CHECK(odd.end(2) == 2);
  const Window even(5, 3, 2, true);  // covers 7 of 5
  CHECK(even.before == 1);
  CHECK(even.begin(0) == 1);
  CHECK(even.at(0, 1) == 0);
  CHECK(even.end(2) == 2);
  const Window large(1, 9, 1, true);
  CHECK(large.begin(0) == 4);
  CHECK(large.end(0) == 5);
}

TEST_CASE("a window that is smaller than its stride leaves elements out") {
  const Window window(5, 1, 3, true);
  CHECK(window.output == 2);
  CHECK(window.before == 0);
  CHECK(window.at(1, 0) == 3);
}
