// POLYVAL of RFC 8452: a hash of 128 bits under a key, for telling whether bytes are still what they were.
//
//   hash(X_1 ... X_n) = X_1 * H^n + X_2 * H^(n-1) + ... + X_n * H     blocks of 16 bytes, in the field of 2^128
//   elements
//
// Two different texts of n blocks have the same hash under at most n of the 2^128 keys H, because a polynomial of
// degree n has no more zeros. Under a key that was drawn by lot and is known to nobody, that is a chance of at most
// 2^-92 for a tensor of a terabyte, whatever the two texts are and whoever made them; a checksum like crc32c has 2^-32
// for accidents, and none for intent. It is no signature: whoever knows the key can make equal hashes.
//
//   const Polyval polyval(key);
//   polyval.hash(bytes) == polyval.join(polyval.hash(front), polyval.hash(back), polyval.power(back.size()))
#pragma once

#include "crc32c_plain.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CAIRN_POLYVAL_X86 1
#include <emmintrin.h>
#include <wmmintrin.h>
#endif

namespace cairn::format {

// An element of the field: bit i of `low`, and of `high` from the 64th on, is what belongs to x^i.
struct PolyvalHash {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const PolyvalHash&, const PolyvalHash&) = default;
  friend PolyvalHash operator^(PolyvalHash a, PolyvalHash b) noexcept { return {a.low ^ b.low, a.high ^ b.high}; }
};

namespace detail {

// The product of two polynomials over the field of two elements, four bits of `b` at a time.
[[nodiscard]] inline PolyvalHash multiply_without_carry(std::uint64_t a, std::uint64_t b) noexcept {
  std::array<PolyvalHash, 16> times{};
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

// RFC 8452's dot: a * b * x^-128 modulo x^128 + x^127 + x^126 + x^121 + 1. Two steps take 64 bits off the product each.
[[nodiscard]] inline PolyvalHash polyval_dot_plain(PolyvalHash a, PolyvalHash b) noexcept {
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

inline constexpr std::size_t polyval_stride = 8;  // blocks that are multiplied before the sum is reduced, once

#if defined(CAIRN_POLYVAL_X86)

enum class PolyvalHardware { none, narrow, wide };

[[nodiscard]] inline PolyvalHardware polyval_hardware() noexcept {
  static const PolyvalHardware found =
      __builtin_cpu_supports("pclmul") == 0                                              ? PolyvalHardware::none
      : __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("vpclmulqdq") != 0 ? PolyvalHardware::wide
                                                                                         : PolyvalHardware::narrow;
  return found;
}

// low + middle * x^64 + high * x^128, reduced as above.
__attribute__((target("sse2,pclmul"))) inline __m128i polyval_reduce(__m128i low, __m128i middle,
                                                                     __m128i high) noexcept {
  const __m128i polynomial = _mm_set_epi64x(static_cast<long long>(0xc200000000000000u), 1);
  low = _mm_xor_si128(low, _mm_slli_si128(middle, 8));
  high = _mm_xor_si128(high, _mm_srli_si128(middle, 8));
  low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, polynomial, 0x10));
  low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, polynomial, 0x10));
  return _mm_xor_si128(high, low);
}

[[nodiscard]] inline PolyvalHash polyval_hash_of(__m128i state) noexcept {
  std::uint64_t words[2];
  std::memcpy(words, &state, sizeof words);
  return {words[0], words[1]};
}

// `powers` are those of the key, the highest one first. Takes whole strides from the front of [p, p + left).
__attribute__((target("sse2,pclmul"))) inline void polyval_narrow(PolyvalHash& hash, const std::byte*& p,
                                                                  std::size_t& left,
                                                                  const PolyvalHash* powers) noexcept {
  __m128i state, keys[polyval_stride];
  std::memcpy(&state, &hash, sizeof state);
  std::memcpy(keys, powers, sizeof keys);
  for (; left >= 16 * polyval_stride; p += 16 * polyval_stride, left -= 16 * polyval_stride) {
    __m128i low = _mm_setzero_si128(), middle = low, high = low;
    for (std::size_t i = 0; i < polyval_stride; ++i) {
      __m128i block;
      std::memcpy(&block, p + 16 * i, sizeof block);
      if (i == 0) block = _mm_xor_si128(block, state);
      low = _mm_xor_si128(low, _mm_clmulepi64_si128(block, keys[i], 0x00));
      high = _mm_xor_si128(high, _mm_clmulepi64_si128(block, keys[i], 0x11));
      middle = _mm_xor_si128(middle, _mm_clmulepi64_si128(block, keys[i], 0x01));
      middle = _mm_xor_si128(middle, _mm_clmulepi64_si128(block, keys[i], 0x10));
    }
    state = polyval_reduce(low, middle, high);
  }
  hash = polyval_hash_of(state);
}

using PolyvalPair = long long __attribute__((vector_size(32)));  // two blocks, in one register of AVX

#if defined(__clang__)
#define CAIRN_POLYVAL_PAIR(a, b, halves) __builtin_ia32_pclmulqdq256(a, b, halves)
#else
#define CAIRN_POLYVAL_PAIR(a, b, halves) __builtin_ia32_vpclmulqdq_v4di(a, b, halves)
#endif

// The same, where the processor multiplies two blocks at a time.
__attribute__((target("avx2,pclmul,vpclmulqdq"))) inline void polyval_wide(PolyvalHash& hash, const std::byte*& p,
                                                                           std::size_t& left,
                                                                           const PolyvalHash* powers) noexcept {
  PolyvalPair keys[polyval_stride / 2];
  __m128i state, low[2], middle[2], high[2];
  std::memcpy(&state, &hash, sizeof state);
  std::memcpy(keys, powers, sizeof keys);
  for (; left >= 16 * polyval_stride; p += 16 * polyval_stride, left -= 16 * polyval_stride) {
    PolyvalPair lows{}, middles{}, highs{};
    for (std::size_t i = 0; i < polyval_stride / 2; ++i) {
      PolyvalPair blocks;
      std::memcpy(&blocks, p + 32 * i, sizeof blocks);
      if (i == 0) {
        blocks[0] ^= state[0];
        blocks[1] ^= state[1];
      }
      lows ^= CAIRN_POLYVAL_PAIR(blocks, keys[i], 0x00);
      highs ^= CAIRN_POLYVAL_PAIR(blocks, keys[i], 0x11);
      middles ^= CAIRN_POLYVAL_PAIR(blocks, keys[i], 0x01);
      middles ^= CAIRN_POLYVAL_PAIR(blocks, keys[i], 0x10);
    }
    std::memcpy(low, &lows, sizeof lows);
    std::memcpy(middle, &middles, sizeof middles);
    std::memcpy(high, &highs, sizeof highs);
    state = polyval_reduce(_mm_xor_si128(low[0], low[1]), _mm_xor_si128(middle[0], middle[1]),
                           _mm_xor_si128(high[0], high[1]));
  }
  hash = polyval_hash_of(state);
}

#endif

}  // namespace detail

// Holds the key. May be used by several threads at the same time.
class Polyval {
 public:
  explicit Polyval(PolyvalHash key) noexcept {
    powers_[detail::polyval_stride - 1] = key;
    for (std::size_t i = detail::polyval_stride - 1; i > 0; --i)
      powers_[i - 1] = detail::polyval_dot_plain(powers_[i], key);
  }

  // The last block is filled up with zeros: only texts of one length should be compared.
  [[nodiscard]] PolyvalHash hash(std::span<const std::byte> bytes) const noexcept {
    PolyvalHash hash;
    const std::byte* p = bytes.data();
    std::size_t left = bytes.size();
#if defined(CAIRN_POLYVAL_X86)
    const detail::PolyvalHardware hardware = detail::polyval_hardware();
    if (hardware == detail::PolyvalHardware::wide) detail::polyval_wide(hash, p, left, powers_.data());
    if (hardware == detail::PolyvalHardware::narrow) detail::polyval_narrow(hash, p, left, powers_.data());
#endif
    return hash_plain(hash, p, left);
  }
  // The same without the help of the processor.
  [[nodiscard]] PolyvalHash hash_plain(std::span<const std::byte> bytes) const noexcept {
    return hash_plain({}, bytes.data(), bytes.size());
  }

  // The hash of two texts behind each other, of their hashes, with power(the second one's size). The first one's size
  // is a multiple of 16.
  [[nodiscard]] static PolyvalHash join(PolyvalHash front, PolyvalHash back, PolyvalHash power) noexcept {
    return detail::polyval_dot_plain(front, power) ^ back;
  }
  // What so many bytes, one at least, multiply what stands before them with.
  [[nodiscard]] PolyvalHash power(std::uint64_t bytes) const noexcept {
    PolyvalHash power = key();
    const std::uint64_t blocks = bytes / 16 + (bytes % 16 != 0 ? 1 : 0);
    for (std::uint64_t bit = std::bit_floor(blocks) >> 1; bit != 0; bit >>= 1) {
      power = detail::polyval_dot_plain(power, power);
      if ((blocks & bit) != 0) power = detail::polyval_dot_plain(power, key());
    }
    return power;
  }

 private:
  [[nodiscard]] PolyvalHash key() const noexcept { return powers_.back(); }

  [[nodiscard]] PolyvalHash hash_plain(PolyvalHash hash, const std::byte* p, std::size_t left) const noexcept {
    for (; left >= 16; p += 16, left -= 16)
      hash = detail::polyval_dot_plain(hash ^ detail::load_polyval_block(p), key());
    if (left == 0) return hash;
    std::array<std::byte, 16> last{};
    std::memcpy(last.data(), p, left);
    return detail::polyval_dot_plain(hash ^ detail::load_polyval_block(last.data()), key());
  }

  std::array<PolyvalHash, detail::polyval_stride> powers_;  // the key itself is the last one
};

}  // namespace cairn::format

#undef CAIRN_POLYVAL_PAIR
#undef CAIRN_POLYVAL_X86
