#include <cairn/core/detail/sort.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

using cairn::core::detail::sort;
using cairn::core::detail::Vec;

TEST_CASE("lists of any length are sorted as std::stable_sort does") {
  std::mt19937 random(1);
  const auto is_less = [](const auto& a, const auto& b) { return a.first < b.first; };
  for (std::size_t size = 0; size < 200; ++size) {
    CAPTURE(size);
    std::vector<std::pair<int, std::string>> pairs;
    for (std::size_t i = 0; i < size; ++i) pairs.emplace_back(random() % 20, std::to_string(i));
    std::vector<std::pair<int, std::string>> expected = pairs;
    std::stable_sort(expected.begin(), expected.end(), is_less);
    sort(pairs, is_less);
    CHECK(pairs == expected);
  }
}

TEST_CASE("the names of a list's elements take few comparisons") {
  Vec<std::string> names;
  for (int i = 0; i < 10'000; ++i) names.push_back(std::to_string(i));
  std::size_t comparisons = 0;
  sort(names, [&](const std::string& a, const std::string& b) { return ++comparisons, a < b; });
  CHECK(std::is_sorted(names.begin(), names.end()));
  CHECK(comparisons < 40'000);
}

TEST_CASE("what throws in a comparison leaves the list as it was") {
  Vec<std::string> names{"c", "b", "a"};
  int left = 3;
  CHECK_THROWS_AS(sort(names, [&](const auto& a, const auto& b) { return left-- == 0 ? throw 1 : a < b; }), int);
  CHECK(names == Vec<std::string>{"c", "b", "a"});
}
