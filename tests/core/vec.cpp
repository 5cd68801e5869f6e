#include <cairn/core/detail/vec.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using cairn::core::detail::Vec;

namespace {

template <class T>
bool are_equal(const Vec<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && a.empty() == b.empty() && std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// Both do the same, for each step of a pseudo-random sequence.
template <class T, class Make>
void check_like_std_vector(const Make& make) {
  std::mt19937 random(7);
  Vec<T> ours;
  std::vector<T> theirs;
  for (int step = 0; step < 2000; ++step) {
    const auto at = static_cast<std::ptrdiff_t>(random() % (theirs.size() + 1));
    const std::array<T, 2> two{make(step), make(step + 1)};
    const auto action = random() % 9;
    if (action == 0) ours.insert(ours.begin() + at, make(step)), theirs.insert(theirs.begin() + at, make(step));
    if (action == 1) ours.insert(ours.begin() + at, 3, make(step)), theirs.insert(theirs.begin() + at, 3, make(step));
    if (action == 2)
      ours.insert(ours.begin() + at, two.begin(), two.end()),
          theirs.insert(theirs.begin() + at, two.begin(), two.end());
    if (action == 3) ours.push_back(make(step)), theirs.push_back(make(step));
    if (action == 4 && !theirs.empty()) ours.pop_back(), theirs.pop_back();
    if (action == 5 && at + 1 < std::ssize(theirs)) ours.erase(ours.begin() + at), theirs.erase(theirs.begin() + at);
    if (action == 6)
      ours.erase(ours.begin() + at / 2, ours.begin() + at), theirs.erase(theirs.begin() + at / 2, theirs.begin() + at);
    if (action == 7) ours.resize(random() % 40, make(step)), theirs.resize(ours.size(), make(step));
    if (action == 8) CHECK(erase(ours, make(step / 2)) == std::erase(theirs, make(step / 2)));
    REQUIRE(are_equal(ours, theirs));
  }
}

struct Aggregate {
  int number;
  std::string text;
};

struct Thrower {
  static inline int left = 0;
  static inline int alive = 0;
  Thrower() { ++alive; }
  Thrower(const Thrower&) {
    if (left-- == 0) throw std::runtime_error("no more");
    ++alive;
  }
  Thrower(Thrower&&) noexcept { ++alive; }
  Thrower& operator=(const Thrower&) = default;
  Thrower& operator=(Thrower&&) = default;
  ~Thrower() { --alive; }
};

}  // namespace

TEST_CASE("a Vec does what a std::vector does") {
  SUBCASE("of numbers") {
    check_like_std_vector<int>([](int i) { return i % 50; });
  }
  SUBCASE("of texts") {
    check_like_std_vector<std::string>([](int i) { return std::string(static_cast<std::size_t>(i % 50), 'a'); });
  }
}

TEST_CASE("an element of the list itself may be added to it") {
  Vec<std::string> list{"a text that is longer than what a string holds without memory of its own"};
  const std::string text = list[0];
  for (int i = 0; i < 100; ++i) list.push_back(list[0]);
  list.resize(300, list[0]);
  list.insert(list.begin(), list[5]);
  CHECK(std::count(list.begin(), list.end(), text) == 301);
}

TEST_CASE("copies are equal and apart; what was moved from is empty") {
  Vec<std::string> list{"x", "y"};
  const Vec<std::string> copy = list;
  list[0] = "z";
  CHECK(copy == Vec<std::string>{"x", "y"});
  CHECK_FALSE(copy == list);
  CHECK(copy < list);
  CHECK_FALSE(list < copy);
  CHECK(Vec<int>{1} < Vec<int>{1, 0});
  const Vec<std::string> moved = std::move(list);
  CHECK(moved.size() == 2);
  CHECK(list.empty());  // NOLINT(bugprone-use-after-move)
}

TEST_CASE("elements may be moved only, be aligned, or be made of their members") {
  Vec<std::unique_ptr<int>> moved_only;
  for (int i = 0; i < 10; ++i) moved_only.push_back(std::make_unique<int>(i));
  CHECK(*moved_only.back() == 9);

  struct alignas(64) Line {
    char bytes[64];
  };
  Vec<Line> lines(3);
  CHECK(reinterpret_cast<std::uintptr_t>(lines.data()) % 64 == 0);

  Vec<Aggregate> aggregates;
  CHECK(aggregates.emplace_back(1, "one").text == "one");
}

TEST_CASE("a constructor that throws leaves nothing behind") {
  {
    Vec<Thrower> list(3);
    Thrower::left = 1;
    CHECK_THROWS_AS(static_cast<void>(Vec<Thrower>(list)), std::runtime_error);
    Thrower::left = 0;
    CHECK_THROWS_AS(list.push_back(list[0]), std::runtime_error);
    CHECK(list.size() == 3);
  }
  CHECK(Thrower::alive == 0);
}

TEST_CASE("a list that no memory could hold is refused") {
  Vec<std::uint64_t> list;
  CHECK_THROWS_AS(list.reserve(static_cast<std::size_t>(-1) / 8), std::length_error);
  CHECK_THROWS_AS(static_cast<void>(list.at(0)), std::out_of_range);
}
