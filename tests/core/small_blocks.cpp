#include <cairn/core/detail/small_blocks.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

using cairn::core::detail::SmallBlocks;

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

TEST_CASE("blocks of threads that have ended are given back by others") {
  std::vector<std::vector<std::byte*>> made(4);
  std::vector<std::thread> threads;
  for (auto& blocks : made)
    threads.emplace_back([&blocks] {
      for (int i = 0; i < 3000; ++i) {
        blocks.push_back(static_cast<std::byte*>(SmallBlocks::allocate(40)));
        std::memset(blocks.back(), i % 251, 40);
      }
    });
  for (std::thread& thread : threads) thread.join();
  bool is_kept = true;
  std::thread([&] {
    for (const auto& blocks : made)
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        is_kept = is_kept && blocks[i][39] == static_cast<std::byte>(i % 251);
        SmallBlocks::deallocate(blocks[i], 40);
      }
  }).join();
  CHECK(is_kept);
}
