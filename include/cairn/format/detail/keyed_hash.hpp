// A hash of 122 bits under random keys, for telling whether bytes are still what they were.
//
//   block of 1 KiB     its sum (w0 + k0) * (w1 + k1) + (w2 + k2) * (w3 + k3) + ... modulo 2^128, of 64-bit words
//   piece of 1 MiB     the sums of its blocks, as three digits each, are the coefficients of a polynomial, whose value
//                      is taken modulo 2^61 - 1, at two random points
//   text               so are the two values of each piece, at two other points
//
// Two blocks that differ have equal sums with a chance of at most 2^-64. Two polynomials of degree n that differ have
// equal values at one point with a chance of at most n / 2^61, because their difference has no more zeros, and at two
// points with the square of that: less than 2^-80 for a text of a terabyte. Two texts that differ therefore have equal
// hashes with a chance of less than 2^-63, whatever they are and whoever made them, as long as nobody knows the keys. A
// checksum like crc32c has 2^-32 for accidents, and none for intent.
#pragma once

#include "../../version.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>

namespace CAIRN_NAMESPACE::format::detail {

// The keys, which are random bits. Any thread may call any member.
struct KeyedHash {
  using Value = std::array<std::uint64_t, 2>;
  static constexpr std::size_t block_bytes = 1024, piece_bytes = 1024 * block_bytes;

  std::uint64_t words[block_bytes / 8], block_points[2], piece_points[2];

  // Returns the hash of a piece of 1 MiB, or a shorter one at the end of a text. The last block is filled up with zeros,
  // so only texts of one length should be compared.
  [[nodiscard]] Value hash_piece(std::span<const std::byte> bytes) const noexcept {
    Value hash{};
    for (; bytes.size() >= block_bytes; bytes = bytes.subspan(block_bytes)) add_block(hash, bytes.data());
    if (bytes.empty()) return hash;
    std::byte last[block_bytes] = {};
    std::memcpy(last, bytes.data(), bytes.size());
    add_block(hash, last);
    return hash;
  }
  // Returns the hash of the text that `front` is the hash of, with one more piece behind it.
  [[nodiscard]] Value join(Value front, Value piece) const noexcept {
    for (std::size_t i = 0; i < 2; ++i) front[i] = next_value(front[i], piece_points[i], piece[i]);
    return front;
  }

 private:
  static constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1;

  // A number of 128 bits.
  struct Wide {
    std::uint64_t low = 0, high = 0;
  };
  [[nodiscard]] static Wide multiply(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
    __extension__ using Product = unsigned __int128;
    const Product product = static_cast<Product>(a) * b;
    return {static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64)};
#else
    constexpr std::uint64_t half = 0xffffffffu;
    const std::uint64_t low = (a & half) * (b & half), left = (a >> 32) * (b & half), right = (a & half) * (b >> 32);
    const std::uint64_t middle = (low >> 32) + (left & half) + (right & half);
    return {(low & half) | middle << 32, (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32) + (middle >> 32)};
#endif
  }

  // Horner's rule, for one more coefficient: all three are below 2^61.
  [[nodiscard]] static std::uint64_t next_value(std::uint64_t value, std::uint64_t point,
                                                std::uint64_t coefficient) noexcept {
    const Wide product = multiply(value, point & prime);
    const std::uint64_t sum = (product.low & prime) + (product.low >> 61 | product.high << 3) + coefficient;
    const std::uint64_t rest = (sum & prime) + (sum >> 61);
    return rest < prime ? rest : rest - prime;
  }

  void add_block(Value& hash, const std::byte* block) const noexcept {
    Wide sum;
    for (std::size_t i = 0; i < block_bytes / 8; i += 2) {
      std::uint64_t pair[2];
      std::memcpy(pair, block + 8 * i, sizeof pair);
#if defined(__GNUC__)
      if (i % 8 == 0) __builtin_prefetch(block + 8 * i + 2 * block_bytes);  // the processor's own ends with each page
#endif
      const Wide product = multiply(pair[0] + words[i], pair[1] + words[i + 1]);
      sum.low += product.low;
      sum.high += product.high + (sum.low < product.low ? 1u : 0u);
    }
    constexpr std::uint64_t digit = (std::uint64_t{1} << 43) - 1;
    for (const std::uint64_t each : {sum.low & digit, (sum.low >> 43 | sum.high << 21) & digit, sum.high >> 22})
      for (std::size_t i = 0; i < 2; ++i) hash[i] = next_value(hash[i], block_points[i], each);
  }
};

}  // namespace CAIRN_NAMESPACE::format::detail
