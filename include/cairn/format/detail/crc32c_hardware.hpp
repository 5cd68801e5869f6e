// CRC-32C by the processor's own instruction: x86-64 with SSE4.2 and PCLMUL, or aarch64 with its crc extension, the more
// quickly where it has PMULL; found out once, while running.
//
// The instruction takes three cycles but one can begin in every cycle, so three parts of the data are taken at once:
//
//   | part A (Length bytes) | part B (Length bytes) | part C (Length bytes) |      three registers, one loop
//   crc(A B C) = crc(A) * x^(16 * Length)  +  crc(B) * x^(8 * Length)  +  crc(C)
//
// Elsewhere crc32c_hardware() does not exist as such: it is the plain one, and has_crc32c_hardware() says so.
#pragma once

#include "crc32c_plain.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CAIRN_CRC32C_X86 1
#define CAIRN_CRC32C __attribute__((target("sse4.2,crc32,pclmul")))
#include <nmmintrin.h>
#include <wmmintrin.h>
#elif defined(__aarch64__) && (defined(__GNUC__) || defined(__clang__)) && \
    (defined(__ARM_FEATURE_CRC32) || defined(__linux__))
#define CAIRN_CRC32C_ARM 1
#define CAIRN_CRC32C
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#endif

namespace CAIRN_NAMESPACE::format::detail {

#if defined(CAIRN_CRC32C_X86)

[[nodiscard]] inline bool has_crc32c_hardware() noexcept {
  static const bool found = __builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("pclmul") != 0;
  return found;
}

[[gnu::always_inline]] CAIRN_CRC32C inline std::uint64_t crc32c_word(std::uint64_t state, std::uint64_t word) noexcept {
  return _mm_crc32_u64(state, word);
}
[[gnu::always_inline]] CAIRN_CRC32C inline std::uint32_t crc32c_byte(std::uint32_t state, std::uint8_t byte) noexcept {
  return _mm_crc32_u8(state, byte);
}

// The product of two polynomials, which has 64 bits.
CAIRN_CRC32C inline std::uint64_t crc32c_product(std::uint32_t a, std::uint32_t b) noexcept {
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(
      _mm_clmulepi64_si128(_mm_cvtsi32_si128(static_cast<int>(a)), _mm_cvtsi32_si128(static_cast<int>(b)), 0)));
}

#elif defined(CAIRN_CRC32C_ARM)

[[nodiscard]] inline bool has_crc32c_hardware() noexcept {
#if defined(__ARM_FEATURE_CRC32)
  return true;
#else
  constexpr unsigned long crc32_bit = 1ul << 7;  // HWCAP_CRC32 of <asm/hwcap.h>
  static const bool found = (::getauxval(AT_HWCAP) & crc32_bit) != 0;
  return found;
#endif
}

// Some processors with the crc extension, such as Cortex-A72 in a Raspberry Pi 4, have no PMULL.
[[nodiscard]] inline bool has_crc32c_product() noexcept {
#if defined(__ARM_FEATURE_AES)
  return true;
#elif defined(__linux__)
  constexpr unsigned long pmull_bit = 1ul << 4;  // HWCAP_PMULL
  static const bool found = (::getauxval(AT_HWCAP) & pmull_bit) != 0;
  return found;
#else
  return false;
#endif
}

// The instructions in so many words: compilers offer them as functions only where a whole file is built for them.
[[nodiscard]] inline std::uint64_t crc32c_word(std::uint64_t state, std::uint64_t word) noexcept {
  asm(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(state) : "r"(word));
  return state;
}
[[nodiscard]] inline std::uint32_t crc32c_byte(std::uint32_t state, std::uint8_t byte) noexcept {
  asm(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(state) : "r"(static_cast<std::uint32_t>(byte)));
  return state;
}

// The product of two polynomials, which has 64 bits. Must not be called where has_crc32c_product() is false.
[[nodiscard]] inline std::uint64_t crc32c_product(std::uint64_t a, std::uint64_t b) noexcept {
  using Pair [[gnu::vector_size(16)]] = std::uint64_t;
  Pair product{a, 0};
  asm(".arch_extension aes\n\tpmull %0.1q, %0.1d, %1.1d" : "+w"(product) : "w"(Pair{b, 0}));
  return product[0];
}

#endif

#if defined(CAIRN_CRC32C_X86) || defined(CAIRN_CRC32C_ARM)

struct Crc32cTriple {
  std::size_t length;
  std::uint32_t by_one;
  std::uint32_t by_two;
};

// What crc32c_product() multiplies has x^33 too much of what is wanted, hence x^(n - 33): the crc instruction, which reduces
// it, multiplies by x^32, and one more x comes from the product of two reflected numbers.
template <bool HasProduct, std::size_t Length>
inline constexpr Crc32cTriple crc32c_triple{Length, crc32c_power_of_x(8 * Length - (HasProduct ? 33 : 0)),
                                            crc32c_power_of_x(16 * Length - (HasProduct ? 33 : 0))};

// Takes whole triples from the front of [p, p + left) into the register `state`.
template <bool HasProduct>
CAIRN_CRC32C inline std::uint64_t crc32c_triples(const Crc32cTriple& triple, std::uint64_t state, const std::byte*& p,
                                                 std::size_t& left) noexcept {
  const auto [length, by_one, by_two] = triple;
  for (; left >= 3 * length; p += 3 * length, left -= 3 * length) {
    std::uint64_t a = state;
    std::uint64_t b = 0;
    std::uint64_t c = 0;
    for (std::size_t i = 0; i < length; i += 8) {
      a = crc32c_word(a, load_little_endian64(p + i));
      b = crc32c_word(b, load_little_endian64(p + length + i));
      c = crc32c_word(c, load_little_endian64(p + 2 * length + i));
    }
    const auto first = static_cast<std::uint32_t>(a);
    const auto second = static_cast<std::uint32_t>(b);
    if constexpr (HasProduct) {
      state = crc32c_word(0, crc32c_product(first, by_two) ^ crc32c_product(second, by_one)) ^ c;
    } else {
      state = crc32c_multiply(first, by_two) ^ crc32c_multiply(second, by_one) ^ c;
    }
  }
  return state;
}

template <bool HasProduct>
[[nodiscard]] CAIRN_CRC32C inline std::uint32_t crc32c_in_triples(std::uint32_t crc,
                                                                  std::span<const std::byte> bytes) noexcept {
  std::uint64_t state = ~crc;
  const std::byte* p = bytes.data();
  std::size_t left = bytes.size();
  if constexpr (HasProduct) {
    state = crc32c_triples<true>(crc32c_triple<true, 4096>, state, p, left);
    state = crc32c_triples<true>(crc32c_triple<true, 512>, state, p, left);
    state = crc32c_triples<true>(crc32c_triple<true, 64>, state, p, left);
  } else {  // long, because the multiplications at its end are plain ones
    state = crc32c_triples<false>(crc32c_triple<false, 8192>, state, p, left);
  }
  for (; left >= 8; p += 8, left -= 8) state = crc32c_word(state, load_little_endian64(p));
  auto narrow = static_cast<std::uint32_t>(state);
  for (; left > 0; ++p, --left) narrow = crc32c_byte(narrow, std::to_integer<std::uint8_t>(*p));
  return ~narrow;
}

#else

[[nodiscard]] constexpr bool has_crc32c_hardware() noexcept { return false; }
template <bool HasProduct>
[[nodiscard]] inline std::uint32_t crc32c_in_triples(std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
  return crc32c_plain(crc, bytes);
}

#endif

// As crc32c_plain. Must not be called where has_crc32c_hardware() is false.
[[nodiscard]] inline std::uint32_t crc32c_hardware(std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
#if defined(CAIRN_CRC32C_ARM)
  if (!has_crc32c_product()) return crc32c_in_triples<false>(crc, bytes);
#endif
  return crc32c_in_triples<true>(crc, bytes);
}

}  // namespace CAIRN_NAMESPACE::format::detail

#undef CAIRN_CRC32C
#undef CAIRN_CRC32C_X86
#undef CAIRN_CRC32C_ARM
