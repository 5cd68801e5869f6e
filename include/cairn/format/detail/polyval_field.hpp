// The field that POLYVAL calculates in, without special instructions, and the powers of a key.
//
// An element is a polynomial of 128 coefficients, each 0 or 1; products are modulo x^128 + x^127 + x^126 + x^121 + 1.
#pragma once

#include "crc32c_plain.hpp"

#include <cstddef>
#include <cstdint>

namespace cairn::format::detail {

// An element of the field: bit i of `low`, or bit i - 64 of `high`, is the coefficient of x^i.
struct PolyvalHash {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const PolyvalHash&, const PolyvalHash&) = default;
  friend PolyvalHash operator^(PolyvalHash a, PolyvalHash b) noexcept { return {a.low ^ b.low, a.high ^ b.high}; }
};

}  // namespace cairn::format::detail

namespace cairn::format::detail {

// The product of two polynomials over the field of two elements, four bits of `b` at a time.
[[nodiscard]] inline PolyvalHash multiply_without_carry(std::uint64_t a, std::uint64_t b) noexcept {
  PolyvalHash times[16];
  for (std::size_t i = 1; i < 16; ++i) {
    const PolyvalHash half = times[i / 2];
    times[i] = {half.low << 1, half.high << 1 | half.low >> 63};
    if (i % 2 != 0) times[i].low ^= a;
  }
  PolyvalHash product;
  for (int shift = 60; shift >= 0; shift -= 4) {
    product = {product.low << 4, product.high << 4 | product.low >> 60};
    product = product ^ times[b >> shift & 15];
  }
  return product;
}

// RFC 8452's dot: a * b * x^-128 in the field. Two steps take 64 bits off the product each.
[[nodiscard]] inline PolyvalHash polyval_dot(PolyvalHash a, PolyvalHash b) noexcept {
  PolyvalHash lower = multiply_without_carry(a.low, b.low);
  PolyvalHash upper = multiply_without_carry(a.high, b.high);
  const PolyvalHash middle = multiply_without_carry(a.low, b.high) ^ multiply_without_carry(a.high, b.low);
  lower.high ^= middle.low;
  upper.low ^= middle.high;
  for (int step = 0; step < 2; ++step) {
    const std::uint64_t x = lower.low;
    lower = {lower.high ^ x << 63 ^ x << 62 ^ x << 57, x ^ x >> 1 ^ x >> 2 ^ x >> 7};
  }
  return upper ^ lower;
}

[[nodiscard]] inline PolyvalHash load_polyval_block(const std::byte* p) noexcept {
  return {load_little_endian64(p), load_little_endian64(p + 8)};
}

// The number of blocks that are multiplied before their sum is reduced, once.
inline constexpr std::size_t polyval_stride = 16;

struct PolyvalKey {
  explicit PolyvalKey(PolyvalHash key) noexcept {
    powers[polyval_stride - 1] = key;
    for (std::size_t i = polyval_stride - 1; i > 0; --i) powers[i - 1] = polyval_dot(powers[i], key);
    for (std::size_t i = 0; i < polyval_stride; ++i) sums[i].low = sums[i].high = powers[i].low ^ powers[i].high;
  }

  PolyvalHash powers[polyval_stride];  // the highest power first; the last one is the key itself
  PolyvalHash sums[polyval_stride];    // the sum of the halves of each power: Karatsuba's third factor
};

}  // namespace cairn::format::detail
