#include "cairn/ops/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

TEST_CASE("philox gives the numbers that its authors published") {
  // Random123's known answers for philox4x32-10, counter and key zero.
  using Words = std::array<std::uint32_t, 4>;
  CHECK(cairn::ops::detail::philox(0, 0) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
}

TEST_CASE("a seed gives the same numbers again, another seed others") {
  cairn::random::set_seed(7);
  const auto first = cairn::random::normal<float, 5>();
  const auto second = cairn::random::normal<float, 5>();
  cairn::random::set_seed(7);
  const auto again = cairn::random::normal<float, 5>();
  cairn::random::set_seed(8);
  const auto other = cairn::random::normal<float, 5>();
  CHECK(std::equal(first.span().begin(), first.span().end(), again.span().begin()));
  CHECK(first[0] != second[0]);
  CHECK(first[0] != other[0]);
}

TEST_CASE("the numbers of a seed are the same everywhere") {
  cairn::random::set_seed(42);
  const auto numbers = cairn::random::normal<float, 4>();
  CHECK(numbers[0] == -1.35109222f);
  CHECK(numbers[3] == 2.62537336f);
  CHECK(cairn::random::uniform<float, 1>()[0] == 0.825866818f);
}

TEST_CASE("normal numbers have the mean and the deviation that were asked for") {
  cairn::random::set_seed(1);
  const auto numbers = cairn::random::normal<double, 100001>(3.0, 2.0);
  double sum = 0;
  double squares = 0;
  for (const double value : numbers.span()) {
    sum += value;
    squares += (value - 3) * (value - 3);
  }
  CHECK(std::abs(sum / 100001 - 3) < 0.03);
  CHECK(std::abs(std::sqrt(squares / 100001) - 2) < 0.03);
}

TEST_CASE("uniform numbers fill their range and never reach its upper end") {
  cairn::random::set_seed(1);
  const auto numbers = cairn::random::uniform<float, 100000>(-2.0f, 1.0f);
  const auto [least, most] = std::minmax_element(numbers.span().begin(), numbers.span().end());
  CHECK(*least >= -2.0f);
  CHECK(*least < -1.999f);
  CHECK(*most < 1.0f);
  CHECK(*most > 0.999f);
}

TEST_CASE("a tensor with a dynamic extent is drawn in a shape given at run time") {
  cairn::random::set_seed(7);
  const auto fixed = cairn::random::normal<float, 2, 3>();
  cairn::random::set_seed(7);
  const auto batch = cairn::random::normal<float, cairn::dynamic, 3>(cairn::Shape{2, 3});
  CHECK(batch.shape() == cairn::Shape{2, 3});
  CHECK(std::equal(fixed.span().begin(), fixed.span().end(), batch.span().begin()));
}

TEST_CASE("threads never draw the same numbers") {
  cairn::random::set_seed(7);
  std::vector<double> drawn(400);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i)
    threads.emplace_back([&drawn, i] {
      for (std::size_t k = 0; k < 100; ++k) drawn[100 * i + k] = cairn::random::uniform<double, 1>()[0];
    });
  for (std::thread& thread : threads) thread.join();
  std::sort(drawn.begin(), drawn.end());
  CHECK(std::adjacent_find(drawn.begin(), drawn.end()) == drawn.end());
}
