// POLYVAL by the processor's own multiplication without carry: PCLMULQDQ of x86-64, two blocks at a time where it has
// VPCLMULQDQ, PMULL of aarch64. Found out once, while running.
//
//   (a + b x^64) (c + d x^64) = ac + ((a + b) (c + d) + ac + bd) x^64 + bd x^128
//   Karatsuba: three products, not four.
//
// The products of a whole stride of blocks, each with its power of the key, are added up before they are reduced.
#pragma once

#include "polyval_field.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CAIRN_POLYVAL_X86 1
#include <emmintrin.h>
#include <wmmintrin.h>
#elif defined(__AARCH64EL__) && (defined(__GNUC__) || defined(__clang__)) && \
    (defined(__ARM_FEATURE_AES) || defined(__ARM_FEATURE_CRYPTO) || defined(__linux__))
#define CAIRN_POLYVAL_ARM 1
#if !defined(__ARM_FEATURE_AES) && !defined(__ARM_FEATURE_CRYPTO)
#include <sys/auxv.h>
#endif
#endif

// A loop of so many turns becomes as many copies of its body: then each block's powers have fixed addresses.
#if defined(__clang__)
#define CAIRN_POLYVAL_UNROLL _Pragma("clang loop unroll(full)")
#else
#define CAIRN_POLYVAL_UNROLL _Pragma("GCC unroll 16")
#endif

namespace cairn::format::detail {

// What a processor offers, each with what stands before it.
enum class PolyvalHardware { none, narrow, wide };

#if defined(CAIRN_POLYVAL_X86)

[[nodiscard]] inline PolyvalHardware polyval_hardware() noexcept {
  static const PolyvalHardware found =
      __builtin_cpu_supports("pclmul") == 0                                              ? PolyvalHardware::none
      : __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("vpclmulqdq") != 0 ? PolyvalHardware::wide
                                                                                         : PolyvalHardware::narrow;
  return found;
}

// low + middle * x^64 + high * x^128, as the products that Karatsuba takes; then two steps take 64 bits off each.
__attribute__((target("sse2,pclmul"))) inline __m128i polyval_reduce(__m128i low, __m128i middle,
                                                                     __m128i high) noexcept {
  const __m128i polynomial = _mm_set_epi64x(static_cast<long long>(0xc200000000000000u), 1);
  middle = _mm_xor_si128(middle, _mm_xor_si128(low, high));
  low = _mm_xor_si128(low, _mm_slli_si128(middle, 8));
  high = _mm_xor_si128(high, _mm_srli_si128(middle, 8));
  low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, polynomial, 0x10));
  low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, polynomial, 0x10));
  return _mm_xor_si128(high, low);
}

// Takes all whole blocks from the front of [p, p + left).
__attribute__((target("sse2,pclmul"))) inline void polyval_narrow(PolyvalHash& hash, const std::byte*& p,
                                                                  std::size_t& left, const PolyvalKey& key) noexcept {
  __m128i state;
  std::memcpy(&state, &hash, sizeof state);
  while (left >= 16) {
    const std::size_t count = std::min(left / 16, polyval_stride);
    const PolyvalHash* const powers = key.powers + (polyval_stride - count);
    const PolyvalHash* const sums = key.sums + (polyval_stride - count);
    __m128i low = _mm_setzero_si128(), middle = low, high = low;
    for (std::size_t i = 0; i < count; ++i) {
      __m128i block, power, sum;
      std::memcpy(&block, p + 16 * i, sizeof block);
      std::memcpy(&power, powers + i, sizeof power);
      std::memcpy(&sum, sums + i, sizeof sum);
      if (i == 0) block = _mm_xor_si128(block, state);
      low = _mm_xor_si128(low, _mm_clmulepi64_si128(block, power, 0x00));
      high = _mm_xor_si128(high, _mm_clmulepi64_si128(block, power, 0x11));
      block = _mm_xor_si128(block, _mm_shuffle_epi32(block, 0x4e));
      middle = _mm_xor_si128(middle, _mm_clmulepi64_si128(block, sum, 0x00));
    }
    state = polyval_reduce(low, middle, high);
    p += 16 * count;
    left -= 16 * count;
  }
  std::memcpy(static_cast<void*>(&hash), &state, sizeof hash);
}

using PolyvalPair = long long __attribute__((vector_size(32)));  // two blocks, in one register of AVX

#if defined(__clang__)
#define CAIRN_POLYVAL_PAIR(a, b, halves) __builtin_ia32_pclmulqdq256(a, b, halves)
#else
#define CAIRN_POLYVAL_PAIR(a, b, halves) __builtin_ia32_vpclmulqdq_v4di(a, b, halves)
#endif
#define CAIRN_POLYVAL_FOLD(pair) (__builtin_shufflevector(pair, pair, 0, 1) ^ __builtin_shufflevector(pair, pair, 2, 3))

// Takes whole strides from the front of [p, p + left), two blocks at a time.
__attribute__((target("avx2,pclmul,vpclmulqdq"))) inline void polyval_wide(PolyvalHash& hash, const std::byte*& p,
                                                                           std::size_t& left,
                                                                           const PolyvalKey& key) noexcept {
  constexpr std::size_t stride = 16 * polyval_stride;
  constexpr std::size_t ahead = 2048;  // the processor's own prefetching ends with each page
  __m128i state;
  std::memcpy(&state, &hash, sizeof state);
  for (; left >= stride; p += stride, left -= stride) {
    if (left >= ahead + stride)
      for (std::size_t i = 0; i < stride; i += 64) __builtin_prefetch(p + ahead + i);
    PolyvalPair low{}, middle{}, high{};
    CAIRN_POLYVAL_UNROLL
    for (std::size_t i = 0; i < polyval_stride; i += 2) {
      PolyvalPair blocks, powers, sums;
      std::memcpy(&blocks, p + 16 * i, sizeof blocks);
      std::memcpy(&powers, key.powers + i, sizeof powers);
      std::memcpy(&sums, key.sums + i, sizeof sums);
      if (i == 0) blocks ^= __builtin_shufflevector(state, __m128i{}, 0, 1, 2, 3);
      low ^= CAIRN_POLYVAL_PAIR(blocks, powers, 0x00);
      high ^= CAIRN_POLYVAL_PAIR(blocks, powers, 0x11);
      blocks ^= __builtin_shufflevector(blocks, blocks, 1, 0, 3, 2);
      middle ^= CAIRN_POLYVAL_PAIR(blocks, sums, 0x00);
    }
    state = polyval_reduce(CAIRN_POLYVAL_FOLD(low), CAIRN_POLYVAL_FOLD(middle), CAIRN_POLYVAL_FOLD(high));
  }
  std::memcpy(static_cast<void*>(&hash), &state, sizeof hash);
}

inline void polyval_blocks(PolyvalHardware hardware, PolyvalHash& hash, const std::byte*& p, std::size_t& left,
                           const PolyvalKey& key) noexcept {
  if (hardware == PolyvalHardware::wide) polyval_wide(hash, p, left, key);
  if (hardware != PolyvalHardware::none) polyval_narrow(hash, p, left, key);
}

#elif defined(CAIRN_POLYVAL_ARM)

[[nodiscard]] inline PolyvalHardware polyval_hardware() noexcept {
#if defined(__ARM_FEATURE_AES) || defined(__ARM_FEATURE_CRYPTO)
  return PolyvalHardware::narrow;
#else
  constexpr unsigned long pmull_bit = 1ul << 4;  // HWCAP_PMULL of <asm/hwcap.h>
  static const bool found = (::getauxval(AT_HWCAP) & pmull_bit) != 0;
  return found ? PolyvalHardware::narrow : PolyvalHardware::none;
#endif
}

using PolyvalBlock = std::uint64_t __attribute__((vector_size(16)));

// The product of the lower halves, and of the upper ones. The instructions in so many words: compilers offer them as
// functions only where a whole file is built for them.
[[nodiscard]] inline PolyvalBlock polyval_times_low(PolyvalBlock a, PolyvalBlock b) noexcept {
  PolyvalBlock product;
  asm(".arch_extension aes\n\tpmull %0.1q, %1.1d, %2.1d" : "=w"(product) : "w"(a), "w"(b));
  return product;
}
[[nodiscard]] inline PolyvalBlock polyval_times_high(PolyvalBlock a, PolyvalBlock b) noexcept {
  PolyvalBlock product;
  asm(".arch_extension aes\n\tpmull2 %0.1q, %1.2d, %2.2d" : "=w"(product) : "w"(a), "w"(b));
  return product;
}

inline void polyval_narrow(PolyvalHash& hash, const std::byte*& p, std::size_t& left, const PolyvalKey& key) noexcept {
  constexpr PolyvalBlock polynomial{0xc200000000000000u, 0};
  const auto swapped = [](PolyvalBlock block) { return PolyvalBlock{block[1], block[0]}; };
  PolyvalBlock state;
  std::memcpy(&state, &hash, sizeof state);
  while (left >= 16) {
    const std::size_t count = std::min(left / 16, polyval_stride);
    const PolyvalHash* const powers = key.powers + (polyval_stride - count);
    const PolyvalHash* const sums = key.sums + (polyval_stride - count);
    PolyvalBlock low{}, middle{}, high{};
    for (std::size_t i = 0; i < count; ++i) {
      PolyvalBlock block, power, sum;
      std::memcpy(&block, p + 16 * i, sizeof block);
      std::memcpy(&power, powers + i, sizeof power);
      std::memcpy(&sum, sums + i, sizeof sum);
      if (i == 0) block ^= state;
      low ^= polyval_times_low(block, power);
      high ^= polyval_times_high(block, power);
      middle ^= polyval_times_low(block ^ swapped(block), sum);
    }
    middle ^= low ^ high;
    low ^= PolyvalBlock{0, middle[0]};
    high ^= PolyvalBlock{middle[1], 0};
    low = swapped(low) ^ polyval_times_low(low, polynomial);
    low = swapped(low) ^ polyval_times_low(low, polynomial);
    state = high ^ low;
    p += 16 * count;
    left -= 16 * count;
  }
  std::memcpy(static_cast<void*>(&hash), &state, sizeof hash);
}

inline void polyval_blocks(PolyvalHardware hardware, PolyvalHash& hash, const std::byte*& p, std::size_t& left,
                           const PolyvalKey& key) noexcept {
  if (hardware != PolyvalHardware::none) polyval_narrow(hash, p, left, key);
}

#else

[[nodiscard]] constexpr PolyvalHardware polyval_hardware() noexcept { return PolyvalHardware::none; }
inline void polyval_blocks(PolyvalHardware, PolyvalHash&, const std::byte*&, std::size_t&, const PolyvalKey&) noexcept {
}

#endif

}  // namespace cairn::format::detail

#undef CAIRN_POLYVAL_X86
#undef CAIRN_POLYVAL_ARM
#undef CAIRN_POLYVAL_PAIR
#undef CAIRN_POLYVAL_FOLD
#undef CAIRN_POLYVAL_UNROLL
