// What places in memory held before they were overwritten, so that it can be given back.
//
//   Overwritten before(1, 4096);
//   if (before.keep(0, places)) overwrite(places);      // places(use) calls use(std::span<std::byte>) for each of them
//   if (it_failed) before.give_back(0, places);
//
// That all of it was zero (keep_zeros()), which a state is that was just made, takes a word; everything else takes its
// size.
#pragma once

#include "../../core/detail/tree.hpp"
#include "../../core/detail/vec.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>

namespace cairn::bundle::detail {

[[nodiscard]] inline bool is_zero(std::span<const std::byte> bytes) noexcept {
  static constexpr std::array<std::byte, 4096> zeros{};
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), zeros.size())))
    if (std::memcmp(bytes.data(), zeros.data(), std::min(bytes.size(), zeros.size())) != 0) return false;
  return true;
}

class Overwritten {
 public:
  // For so many groups of places, which hold at most `max_bytes` that are not zero, all together. Takes its memory now.
  Overwritten(std::size_t groups, std::size_t max_bytes)
      : kept_(groups, nothing), max_bytes_(max_bytes), bytes_(std::make_unique_for_overwrite<std::byte[]>(max_bytes)) {}

  // False, and nothing is kept, when there is no room. Several threads may call it, each for groups of its own.
  template <class Places>
  [[nodiscard]] bool keep(std::size_t group, const Places& places) noexcept {
    std::size_t size = 0;
    places([&](std::span<const std::byte> place) { size += place.size(); });
    std::size_t begin = used_.load();
    do {
      if (size > max_bytes_ - begin) return false;
    } while (!used_.compare_exchange_weak(begin, begin + size));
    kept_[group] = begin;
    places(
        [&](std::span<const std::byte> place) { begin += copy(place, std::span(bytes_.get() + begin, place.size())); });
    return true;
  }

  // The places of the group held nothing but zeros.
  void keep_zeros(std::size_t group) noexcept { kept_[group] = zeros; }

  [[nodiscard]] bool has(std::size_t group) const noexcept { return kept_[group] != nothing; }

  // Only for a group that has().
  template <class Places>
  void give_back(std::size_t group, const Places& places) noexcept {
    std::size_t begin = kept_[group];
    places([&](std::span<std::byte> place) {
      if (kept_[group] == zeros)
        std::fill(place.begin(), place.end(), std::byte{0});
      else
        begin += copy(std::span(bytes_.get() + begin, place.size()), place);
    });
    kept_[group] = nothing;
  }

 private:
  static constexpr std::size_t nothing = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t zeros = nothing - 1;

  static std::size_t copy(std::span<const std::byte> from, std::span<std::byte> to) noexcept {
    std::copy(from.begin(), from.end(), to.begin());
    return from.size();
  }

  core::detail::Vec<std::size_t> kept_;  // where in bytes_
  std::size_t max_bytes_;
  std::unique_ptr<std::byte[]> bytes_;
  std::atomic<std::size_t> used_{0};
};

}  // namespace cairn::bundle::detail
