#include <cairn/core/detail/sort_runs.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using cairn::core::detail::sort_runs;

TEST_CASE("what comes in any number of sorted runs is sorted") {
  for (int count = 0; count <= 1'100; count += count < 12 ? 1 : 97)
    for (const int length : {1, 2, 7, 1'000}) {
      std::vector<int> values;
      for (int i = 0; i < count; ++i) values.push_back((i % length) * 1'000 - i / length);
      std::vector<int> sorted = values;
      std::sort(sorted.begin(), sorted.end());
      sort_runs(values.begin(), values.end());
      CHECK(values == sorted);
    }
}

TEST_CASE("the names of a list are sorted as texts, and by an order of one's own") {
  std::vector<std::string> names;
  for (int i = 0; i < 1'234; ++i) names.push_back(std::to_string(i));
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  sort_runs(names.begin(), names.end());
  CHECK(names == sorted);
  sort_runs(names.begin(), names.end(), std::greater<>());
  CHECK(std::is_sorted(names.begin(), names.end(), std::greater<>()));
}
