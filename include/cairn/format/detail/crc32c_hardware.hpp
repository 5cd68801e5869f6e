// CRC-32C by the processor's own instruction: x86-64 with SSE4.2 and PCLMUL, or aarch64 with its crc extension; found
// out once, while running.
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
#include <nmmintrin.h>
#include <wmmintrin.h>
#elif defined(__aarch64__) && (defined(__GNUC__) || defined(__clang__)) && \
    (defined(__ARM_FEATURE_CRC32) || defined(__linux__))
#define CAIRN_CRC32C_ARM 1
#if !defined(__ARM_FEATURE_CRC32)
#include <sys/auxv.h>
#endif
#endif

namespace CAIRN_NAMESPACE::format::detail {

#if defined(CAIRN_CRC32C_X86)

[[nodiscard]] inline bool has_crc32c_hardware() noexcept {
  static const bool found = __builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("pclmul") != 0;
  return found;
}

// The product has 64 bits, with x^33 too much of what is wanted: hence the constants below are x^(n - 33), and the crc
// instruction itself reduces it (it multiplies by x^32; one more x comes from the product of two reflected numbers).
__attribute__((target("sse4.2,crc32,pclmul"))) inline std::uint32_t crc32c_multiply_hardware(
    std::uint32_t crc, std::uint32_t power) noexcept {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_cvtsi32_si128(static_cast<int>(crc)), _mm_cvtsi32_si128(static_cast<int>(power)), 0);
  return static_cast<std::uint32_t>(_mm_crc32_u64(0, static_cast<std::uint64_t>(_mm_cvtsi128_si64(product))));
}

// Takes whole triples of Length bytes from the front of [p, p + left) into the register `state`.
template <std::size_t Length>
__attribute__((target("sse4.2,crc32,pclmul"))) inline std::uint64_t crc32c_triples(std::uint64_t state,
                                                                                   const std::byte*& p,
                                                                                   std::size_t& left) noexcept {
  static_assert(Length % 8 == 0 && Length >= 16);
  constexpr std::uint32_t by_one = crc32c_power_of_x(8 * Length - 33);
  constexpr std::uint32_t by_two = crc32c_power_of_x(16 * Length - 33);
  for (; left >= 3 * Length; p += 3 * Length, left -= 3 * Length) {
    std::uint64_t a = state;
    std::uint64_t b = 0;
    std::uint64_t c = 0;
    for (std::size_t i = 0; i < Length; i += 8) {
      a = _mm_crc32_u64(a, load_little_endian64(p + i));
      b = _mm_crc32_u64(b, load_little_endian64(p + Length + i));
      c = _mm_crc32_u64(c, load_little_endian64(p + 2 * Length + i));
    }
    state = crc32c_multiply_hardware(static_cast<std::uint32_t>(a), by_two) ^
            crc32c_multiply_hardware(static_cast<std::uint32_t>(b), by_one) ^ c;
  }
  return state;
}

// As crc32c_plain. Must not be called where has_crc32c_hardware() is false.
[[nodiscard]] __attribute__((target("sse4.2,crc32,pclmul"))) inline std::uint32_t crc32c_hardware(
    std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
  std::uint64_t state = ~crc;
  const std::byte* p = bytes.data();
  std::size_t left = bytes.size();
  state = crc32c_triples<4096>(state, p, left);
  state = crc32c_triples<512>(state, p, left);
  state = crc32c_triples<64>(state, p, left);
  for (; left >= 8; p += 8, left -= 8) state = _mm_crc32_u64(state, load_little_endian64(p));
  auto narrow = static_cast<std::uint32_t>(state);
  for (; left > 0; ++p, --left) narrow = _mm_crc32_u8(narrow, std::to_integer<unsigned char>(*p));
  return ~narrow;
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

// The instructions in so many words: compilers offer them as functions only where a whole file is built for them.
[[nodiscard]] inline std::uint32_t crc32c_word(std::uint32_t state, std::uint64_t word) noexcept {
  asm(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(state) : "r"(word));
  return state;
}
[[nodiscard]] inline std::uint32_t crc32c_byte(std::uint32_t state, std::uint8_t byte) noexcept {
  asm(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(state) : "r"(static_cast<std::uint32_t>(byte)));
  return state;
}

// As crc32c_plain. Must not be called where has_crc32c_hardware() is false.
[[nodiscard]] inline std::uint32_t crc32c_hardware(std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
  constexpr std::size_t length = 8192;  // long, because the multiplications at the end of a triple are plain ones
  constexpr std::uint32_t by_one = crc32c_power_of_x(length, 8);
  constexpr std::uint32_t by_two = crc32c_power_of_x(2 * length, 8);
  std::uint32_t state = ~crc;
  const std::byte* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 3 * length; p += 3 * length, left -= 3 * length) {
    std::uint32_t a = state;
    std::uint32_t b = 0;
    std::uint32_t c = 0;
    for (std::size_t i = 0; i < length; i += 8) {
      a = crc32c_word(a, load_little_endian64(p + i));
      b = crc32c_word(b, load_little_endian64(p + length + i));
      c = crc32c_word(c, load_little_endian64(p + 2 * length + i));
    }
    state = crc32c_multiply(a, by_two) ^ crc32c_multiply(b, by_one) ^ c;
  }
  for (; left >= 8; p += 8, left -= 8) state = crc32c_word(state, load_little_endian64(p));
  for (; left > 0; ++p, --left) state = crc32c_byte(state, std::to_integer<std::uint8_t>(*p));
  return ~state;
}

#else

[[nodiscard]] constexpr bool has_crc32c_hardware() noexcept { return false; }
[[nodiscard]] inline std::uint32_t crc32c_hardware(std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
  return crc32c_plain(crc, bytes);
}

#endif

}  // namespace CAIRN_NAMESPACE::format::detail

#undef CAIRN_CRC32C_X86
#undef CAIRN_CRC32C_ARM
