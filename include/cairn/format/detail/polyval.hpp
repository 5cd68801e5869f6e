// POLYVAL of RFC 8452: a hash of 128 bits under a key, for telling whether bytes are still what they were.
//
//   hash(X_1 ... X_n) = X_1 * H^n + X_2 * H^(n-1) + ... + X_n * H     blocks of 16 bytes, in the
//                                                                     field of 2^128 elements
//
// Two different texts of n blocks have the same hash under at most n of the 2^128 keys H, because a polynomial of
// degree n has no more zeros. Under a key that was drawn by lot and is known to nobody, that is a chance of at most
// 2^-92 for a tensor of a terabyte, whatever the two texts are and whoever made them; a checksum like crc32c has 2^-32
// for accidents, and none for intent. It is no signature: whoever knows the key can make equal hashes.
//
//   const Polyval polyval(key);
//   polyval.hash(bytes) == polyval.join(polyval.hash(front), polyval.hash(back), polyval.power(back.size()))
#pragma once

#include "polyval_field.hpp"
#include "polyval_hardware.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace cairn::format::detail {

// Holds the key. Any thread may call any member.
class Polyval {
 public:
  explicit Polyval(PolyvalHash key) noexcept : key_(key) {}

  // Returns the hash of the bytes. The last block is filled up with zeros, so only texts of one length should be
  // compared.
  [[nodiscard]] PolyvalHash hash(std::span<const std::byte> bytes) const noexcept {
    return hash(bytes, polyval_hardware());
  }
  // Returns the hash, computed with the given instructions, which the processor must have.
  [[nodiscard]] PolyvalHash hash(std::span<const std::byte> bytes, PolyvalHardware hardware) const noexcept {
    PolyvalHash hash;
    const std::byte* p = bytes.data();
    std::size_t left = bytes.size();
    add_blocks(hash, p, left, hardware);
    if (left == 0) return hash;
    std::byte last[16] = {};
    std::memcpy(last, p, left);
    p = last;
    left = sizeof last;
    add_blocks(hash, p, left, hardware);
    return hash;
  }

  // Returns the hash of two texts behind each other, from both hashes and power(size of the second one). The size of
  // the first one must be a multiple of 16 bytes.
  [[nodiscard]] static PolyvalHash join(PolyvalHash front, PolyvalHash back, PolyvalHash power) noexcept {
    return polyval_dot(front, power) ^ back;
  }
  // Returns the factor by which `bytes` bytes, at least one, multiply the hash of the bytes before them; join() needs
  // it.
  [[nodiscard]] PolyvalHash power(std::uint64_t bytes) const noexcept {
    PolyvalHash power = key();
    const std::uint64_t blocks = bytes / 16 + (bytes % 16 != 0 ? 1 : 0);
    for (std::uint64_t bit = std::bit_floor(blocks) >> 1; bit != 0; bit >>= 1) {
      power = polyval_dot(power, power);
      if ((blocks & bit) != 0) power = polyval_dot(power, key());
    }
    return power;
  }

 private:
  [[nodiscard]] PolyvalHash key() const noexcept { return key_.powers[polyval_stride - 1]; }

  void add_blocks(PolyvalHash& hash, const std::byte*& p, std::size_t& left, PolyvalHardware hardware) const noexcept {
    polyval_blocks(hardware, hash, p, left, key_);
    for (; left >= 16; p += 16, left -= 16) hash = polyval_dot(hash ^ load_polyval_block(p), key());
  }

  PolyvalKey key_;
};

}  // namespace cairn::format::detail
