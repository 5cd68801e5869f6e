#include <cairn/core/detail/maps.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>

using cairn::core::detail::FlatMap;
using cairn::core::detail::HashMap;

TEST_CASE("a FlatMap does what a std::map does") {
  std::mt19937 random(3);
  FlatMap<std::string, int> ours;
  std::map<std::string, int> theirs;
  for (int step = 0; step < 2000; ++step) {
    const std::string key = std::to_string(random() % 100);
    switch (random() % 4) {
      case 0:
        ours[key] = theirs[key] = step;
        break;
      case 1:
        CHECK(ours.insert(key, step) == theirs.emplace(key, step).second);
        break;
      case 2:
        CHECK(ours.erase(key) == (theirs.erase(key) == 1));
        break;
      default:
        CHECK(ours.contains(key) == theirs.contains(key));
    }
    REQUIRE(ours.size() == theirs.size());
  }
  auto expected = theirs.begin();
  for (const auto& [key, value] : ours) {
    CHECK(key == expected->first);
    CHECK(value == expected->second);
    CHECK(*ours.find(key) == value);
    ++expected;
  }
  ours.clear();
  CHECK(ours.empty());
  CHECK(ours.find("1") == nullptr);
}

TEST_CASE("a HashMap finds what was inserted, and keeps its order") {
  HashMap<std::string, std::size_t> names;
  HashMap<std::int32_t, std::size_t> numbers;
  for (std::size_t i = 0; i < 3000; ++i) {
    CHECK(names.find(std::to_string(i)) == nullptr);
    CHECK(names.insert(std::to_string(i), i));
    CHECK_FALSE(names.insert(std::to_string(i), 0));
    numbers[-static_cast<std::int32_t>(i)] = i;
  }
  CHECK(names.size() == 3000);
  std::size_t at = 0;
  for (const auto& [name, value] : names) {
    CHECK(value == at++);
    CHECK(*names.find(name) == value);
    CHECK(numbers[-static_cast<std::int32_t>(value)] == value);
  }
  names.clear();
  CHECK_FALSE(names.contains("1"));
}
