#include <cairn/core/detail/small_blocks.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using cairn::core::detail::SmallBlocks;
using cairn::core::detail::SmallList;

TEST_CASE("small blocks are aligned, do not overlap, and keep what is written to them") {
  std::vector<std::pair<std::byte*, std::size_t>> blocks;
  for (std::size_t i = 0; i < 5000; ++i) {
    const std::size_t size = i * 7 % 2000;  // small ones and such that are too large for a chunk
    auto* const block = static_cast<std::byte*>(SmallBlocks::allocate(size));
    CHECK(reinterpret_cast<std::uintptr_t>(block) % __STDCPP_DEFAULT_NEW_ALIGNMENT__ == 0);
    if (size > 0) std::memset(block, static_cast<int>(i % 251), size);
    blocks.emplace_back(block, size);
  }
  bool is_kept = true;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    for (std::size_t at = 0; at < blocks[i].second; ++at)
      is_kept = is_kept && blocks[i].first[at] == static_cast<std::byte>(i % 251);
  CHECK(is_kept);
  for (std::size_t i = 0; i < blocks.size(); i += 2) SmallBlocks::deallocate(blocks[i].first, blocks[i].second);
  for (std::size_t i = 1; i < blocks.size(); i += 2) SmallBlocks::deallocate(blocks[i].first, blocks[i].second);
}

TEST_CASE("a small list is a vector: it grows, is copied, moved and compared") {
  SmallList<std::string> list;
  for (int i = 0; i < 300; ++i) list.push_back(std::to_string(i));
  const SmallList<std::string> copy = list;
  SmallList<std::string> moved = std::move(list);
  CHECK(moved == copy);
  CHECK(erase_if(moved, [](const std::string& each) { return each.size() < 3; }) == 100);
  CHECK(moved.size() == 200);
  CHECK(moved.front() == "100");
  CHECK(moved != copy);
  moved = {"a", "b"};
  moved.pop_back();
  CHECK(moved == SmallList<std::string>{"a"});
  CHECK_THROWS_AS((void)moved.at(1), std::out_of_range);
}

TEST_CASE("a small list takes a pointer while it is empty, and no more room than was reserved") {
  static_assert(sizeof(SmallList<std::string>) == sizeof(void*));
  SmallList<std::string> list;
  CHECK(list.begin() == list.end());
  list.reserve(3);
  for (int i = 0; i < 3; ++i) list.push_back("an element that is too long for a short string");
  CHECK(list.capacity() == 3);
  list.push_back(list.front());
  CHECK(list.size() == 4);
  CHECK(list.back() == list.front());
}

TEST_CASE("lists made by threads that have ended are used and given back by others") {
  std::vector<SmallList<std::size_t>> lists(400);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&lists, t] {
      for (std::size_t i = t; i < lists.size(); i += 4) {
        for (std::size_t count = 0; count < 1 + i % 40; ++count) lists[i].push_back(i);
        SmallList<std::size_t> other = lists[i];
        other.clear();
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::thread([&lists] {
    for (std::size_t i = 0; i < lists.size(); i += 2) lists[i] = {};
  }).join();
  for (std::size_t i = 1; i < lists.size(); i += 2) {
    CHECK(lists[i].size() == 1 + i % 40);
    CHECK(lists[i].back() == i);
  }
}
