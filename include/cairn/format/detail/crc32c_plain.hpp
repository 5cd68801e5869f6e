// CRC-32C without special instructions: arithmetic on the polynomials, and eight tables that take eight bytes a step;
// these serve any reflected CRC of 32 bits.
#pragma once

#include "../../version.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace CAIRN_NAMESPACE::format::detail {

inline constexpr std::uint32_t crc32c_polynomial = 0x82f63b78u;  // reflected: the highest bit stands for x^0

// Multiplies a polynomial (reflected, as all here) by x, modulo the crc's polynomial.
[[nodiscard]] constexpr std::uint32_t crc32c_times_x(std::uint32_t value) noexcept {
  return (value >> 1) ^ ((value & 1) != 0 ? crc32c_polynomial : 0);
}

[[nodiscard]] constexpr std::uint32_t crc32c_multiply(std::uint32_t a, std::uint32_t b) noexcept {
  std::uint32_t product = 0;
  for (std::uint32_t bit = 0x80000000u; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = crc32c_times_x(b);
  }
  return product;
}

// x^(n * factor): what a crc is multiplied by when n units of `factor` zero bits follow. Safe for any n, because the
// exponent is never formed.
[[nodiscard]] constexpr std::uint32_t crc32c_power_of_x(std::uint64_t n, std::uint32_t factor = 1) noexcept {
  std::uint32_t base = 0x80000000u;
  for (std::uint32_t i = 0; i < factor; ++i) base = crc32c_times_x(base);
  std::uint32_t result = 0x80000000u;
  for (; n != 0; n >>= 1) {
    if ((n & 1) != 0) result = crc32c_multiply(result, base);
    base = crc32c_multiply(base, base);
  }
  return result;
}

using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

// tables[k][b]: what the byte b leaves in the register after k further zero bytes. Not constexpr: each file that
// includes this would have its compiler compute them.
[[nodiscard]] inline CrcTables make_crc_tables(std::uint32_t polynomial) noexcept {
  CrcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? polynomial : 0);
    tables[0][byte] = value;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
  return tables;
}

// The eight bytes at `p` as a little-endian number, on any machine and at any alignment.
[[nodiscard]] inline std::uint64_t load_little_endian64(const std::byte* p) noexcept {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, p, sizeof word);
  } else {
    for (unsigned i = 0; i < 8; ++i) word |= std::to_integer<std::uint64_t>(p[i]) << (8 * i);
  }
  return word;
}

// Extends the crc of what went before (0 at the beginning) by `bytes`; the tables are those of its polynomial.
[[nodiscard]] inline std::uint32_t extend_by_tables(const CrcTables& t, std::uint32_t crc,
                                                    std::span<const std::byte> bytes) noexcept {
  std::uint32_t state = ~crc;
  const std::byte* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; p += 8, left -= 8) {
    const std::uint64_t word = load_little_endian64(p) ^ state;
    state = t[7][word & 0xff] ^ t[6][(word >> 8) & 0xff] ^ t[5][(word >> 16) & 0xff] ^ t[4][(word >> 24) & 0xff] ^
            t[3][(word >> 32) & 0xff] ^ t[2][(word >> 40) & 0xff] ^ t[1][(word >> 48) & 0xff] ^ t[0][word >> 56];
  }
  for (; left > 0; ++p, --left) state = (state >> 8) ^ t[0][(state ^ std::to_integer<std::uint32_t>(*p)) & 0xff];
  return ~state;
}

// Of TensorFlow's polynomial.
[[nodiscard]] inline std::uint32_t crc32c_plain(std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
  static const CrcTables tables = make_crc_tables(crc32c_polynomial);
  return extend_by_tables(tables, crc, bytes);
}

}  // namespace CAIRN_NAMESPACE::format::detail
