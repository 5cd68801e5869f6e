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
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <utility>

namespace cairn::bundle::detail {

[[nodiscard]] inline bool is_zero(std::span<const std::byte> bytes) noexcept {
  static constexpr std::byte zeros[4096] = {};
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), sizeof zeros)))
    if (std::memcmp(bytes.data(), zeros, std::min(bytes.size(), sizeof zeros)) != 0) return false;
  return true;
}

inline void copy_bytes(std::span<const std::byte> from, std::byte* to) noexcept {
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
}

// Memory whose bytes have no value yet.
class RawBytes {
 public:
  RawBytes() noexcept = default;
  explicit RawBytes(std::size_t size) : bytes_(static_cast<std::byte*>(::operator new(size))) {}
  RawBytes(RawBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
  RawBytes& operator=(RawBytes&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~RawBytes() { ::operator delete(bytes_); }

  [[nodiscard]] std::byte* data() const noexcept { return bytes_; }

 private:
  std::byte* bytes_ = nullptr;
};

class Overwritten {
 public:
  // For so many groups of places, which hold at most `max_bytes` that are not zero, all together. Takes its memory now.
  Overwritten(std::size_t groups, std::size_t max_bytes)
      : kept_(groups, nothing), max_bytes_(max_bytes), bytes_(max_bytes) {}

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
    places([&](std::span<const std::byte> place) {
      copy_bytes(place, bytes_.data() + begin);
      begin += place.size();
    });
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
      if (place.empty()) return;
      if (kept_[group] == zeros) {
        std::memset(place.data(), 0, place.size());
      } else {
        std::memcpy(place.data(), bytes_.data() + begin, place.size());
        begin += place.size();
      }
    });
    kept_[group] = nothing;
  }

 private:
  static constexpr std::size_t nothing = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t zeros = nothing - 1;

  core::detail::Vec<std::size_t> kept_;  // where in bytes_
  std::size_t max_bytes_;
  RawBytes bytes_;
  std::atomic<std::size_t> used_{0};
};

}  // namespace cairn::bundle::detail
