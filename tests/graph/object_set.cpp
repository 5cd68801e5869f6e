#include <cairn/graph/detail/object_set.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <set>
#include <vector>

using cairn::graph::detail::Object;
using cairn::graph::detail::ObjectSet;

TEST_CASE("a set of objects has what was put in and not taken out") {
  std::vector<double> places(300);
  const auto object = [&](std::size_t i) { return Object{&places[i], nullptr}; };
  std::mt19937 random(7);
  ObjectSet set;
  std::set<std::size_t> wanted;
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t i = random() % places.size();
    if (random() % 3 == 0) {
      set.erase(object(i));
      wanted.erase(i);
    } else {
      CHECK(set.insert(object(i)) == wanted.insert(i).second);
    }
    CHECK(set.size() == wanted.size());
    const std::size_t other = random() % places.size();
    CHECK(set.contains(object(other)) == wanted.contains(other));
  }
  set.clear();
  CHECK(set.empty());
  CHECK_FALSE(set.contains(object(0)));
}

TEST_CASE("an empty object is in no set") {
  ObjectSet set;
  CHECK_FALSE(set.insert({}));
  CHECK_FALSE(set.contains({}));
  set.erase({});
  CHECK(set.empty());
}
