#include <cairn/core/detail/hash_index.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

using cairn::core::detail::HashIndex;

TEST_CASE("a number is found by the hash of what it stands for, also where hashes are equal") {
  for (const std::size_t hashes : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 40}) {
    CAPTURE(hashes);
    std::vector<std::string> names;
    HashIndex index;
    const auto is = [&](const std::string& name) { return [&](std::size_t i) { return names[i] == name; }; };
    for (std::size_t i = 0; i < 1000; ++i) {
      const std::string name = std::to_string(i);
      CHECK(index.find(i % hashes, is(name)) == HashIndex::none);
      const auto [number, is_new] = index.insert(i % hashes, names.size(), is(name));
      CHECK((number == i && is_new));
      names.push_back(name);
    }
    for (std::size_t i = 0; i < 1000; ++i) {
      CHECK(index.find(i % hashes, is(names[i])) == i);
      CHECK(index.insert(i % hashes, names.size(), is(names[i])) == std::pair(i, false));
    }
    index.clear();
    CHECK(index.find(0, is("0")) == HashIndex::none);
  }
}
