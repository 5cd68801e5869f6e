// half, bfloat16, float8_e5m2, float8_e4m3fn, int4, uint4: storage types for the elements that C++20 has no type for.
// They are converted from and to float or int, and have no arithmetic.
//
//   const cairn::bfloat16 stored(0.1f);  // rounded to nearest, ties to even, as TensorFlow (ml_dtypes) does
//   const float value = static_cast<float>(stored);
//
// A NaN stays a NaN when it is converted, but loses its payload. A save and a restore keep all bits.
#pragma once

#include "../version.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace CAIRN_NAMESPACE {

namespace core::detail {

// Rounds a float to a small float of ExponentBits and MantissaBits, and returns the small float's bits. With
// `has_infinity` the largest exponent means infinities and NaNs, as in IEEE 754. Without it (the "fn" formats) only the
// pattern of all ones is a NaN, and a number that is too large becomes that NaN.
template <int ExponentBits, int MantissaBits, bool has_infinity>
[[nodiscard]] constexpr std::uint32_t narrow(float value) noexcept {
  constexpr int bias = (1 << (ExponentBits - 1)) - 1;
  constexpr std::uint32_t max_exponent = (1u << ExponentBits) - 1;
  constexpr std::uint32_t mantissa_mask = (1u << MantissaBits) - 1;
  constexpr std::uint32_t infinity = max_exponent << MantissaBits;
  constexpr std::uint32_t nan = has_infinity ? infinity | (1u << (MantissaBits - 1)) : infinity | mantissa_mask;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 31) << (ExponentBits + MantissaBits);
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return sign | nan;
  if (magnitude == 0x7f800000u) return sign | (has_infinity ? infinity : nan);
  const int exponent = magnitude >> 23 != 0 ? static_cast<int>(magnitude >> 23) - 127 : -126;
  // The mantissa with its leading one, and how many of its low bits fall away.
  const std::uint64_t mantissa = (magnitude & 0x7fffffu) | (magnitude >> 23 != 0 ? 0x800000u : 0u);
  const int smallest = 1 - bias;
  const int shift = 23 - MantissaBits + (exponent < smallest ? smallest - exponent : 0);
  if (shift > 40) return sign;
  const std::uint64_t half = std::uint64_t{1} << (shift - 1);
  std::uint64_t kept = mantissa >> shift;
  const std::uint64_t rest = mantissa & ((std::uint64_t{1} << shift) - 1);
  if (rest > half || (rest == half && (kept & 1) != 0)) ++kept;
  // A carry out of the mantissa runs into the exponent, which is what rounding up to the next power of two means.
  const std::uint64_t base = exponent < smallest ? 0 : static_cast<std::uint64_t>(exponent + bias - 1) << MantissaBits;
  const std::uint64_t result = base + kept;
  if constexpr (has_infinity) {
    if (result >= infinity) return sign | infinity;
  } else {
    if (result >= nan) return sign | nan;
  }
  return sign | static_cast<std::uint32_t>(result);
}

template <int ExponentBits, int MantissaBits, bool has_infinity>
[[nodiscard]] constexpr float widen(std::uint32_t bits) noexcept {
  constexpr int bias = (1 << (ExponentBits - 1)) - 1;
  constexpr std::uint32_t max_exponent = (1u << ExponentBits) - 1;
  constexpr std::uint32_t mantissa_mask = (1u << MantissaBits) - 1;
  const bool negative = ((bits >> (ExponentBits + MantissaBits)) & 1) != 0;
  const std::uint32_t exponent = (bits >> MantissaBits) & max_exponent;
  const std::uint32_t mantissa = bits & mantissa_mask;
  float magnitude = 0;
  if (has_infinity ? exponent == max_exponent && mantissa != 0
                   : exponent == max_exponent && mantissa == mantissa_mask) {
    magnitude = std::numeric_limits<float>::quiet_NaN();
  } else if (has_infinity && exponent == max_exponent) {
    magnitude = std::numeric_limits<float>::infinity();
  } else if (exponent == 0) {
    magnitude = static_cast<float>(mantissa);
    for (int i = 0; i < bias - 1 + MantissaBits; ++i) magnitude /= 2;
  } else {
    const int unbiased = static_cast<int>(exponent) - bias;
    magnitude =
        std::bit_cast<float>((static_cast<std::uint32_t>(unbiased + 127) << 23) | (mantissa << (23 - MantissaBits)));
  }
  return negative ? -magnitude : magnitude;
}

// A small float is its bits; it is converted from and to float explicitly. Two small floats are equal when the floats
// are, so that a NaN differs from itself. A number beyond the largest becomes an infinity, or NaN where the format has
// no infinity.
template <class Bits, int ExponentBits, int MantissaBits, bool has_infinity>
struct SmallFloat {
  Bits bits = 0;

  SmallFloat() = default;
  constexpr explicit SmallFloat(float value) noexcept
      : bits(static_cast<Bits>(narrow<ExponentBits, MantissaBits, has_infinity>(value))) {}
  [[nodiscard]] static constexpr SmallFloat from_bits(Bits bits) noexcept {
    SmallFloat result;
    result.bits = bits;
    return result;
  }
  [[nodiscard]] constexpr explicit operator float() const noexcept {
    return widen<ExponentBits, MantissaBits, has_infinity>(bits);
  }
  friend constexpr bool operator==(SmallFloat a, SmallFloat b) noexcept {
    return static_cast<float>(a) == static_cast<float>(b);
  }
};

// A 4-bit integer in a byte of its own, as TensorFlow stores it: the value is in the low four bits, and the high bits
// are zero. An int that is too large loses its upper bits.
template <bool is_signed>
struct SmallInt {
  std::uint8_t bits = 0;

  SmallInt() = default;
  constexpr explicit SmallInt(int value) noexcept : bits(static_cast<std::uint8_t>(value & 0x0f)) {}
  [[nodiscard]] constexpr explicit operator int() const noexcept {
    const int low = bits & 0x0f;
    return is_signed && low >= 8 ? low - 16 : low;
  }
  friend constexpr bool operator==(SmallInt a, SmallInt b) noexcept { return (a.bits & 0x0f) == (b.bits & 0x0f); }
};

}  // namespace core::detail

// Each type has the member `bits`, and the floats have the static function from_bits(bits). A number beyond the largest
// float becomes an infinity, or NaN where the type has no infinity; an int that is too large loses its upper bits. Two
// floats are equal when their values are, so that a NaN differs from itself.
using half = core::detail::SmallFloat<std::uint16_t, 5, 10, true>;          // tf.float16, DT_HALF
using bfloat16 = core::detail::SmallFloat<std::uint16_t, 8, 7, true>;       // tf.bfloat16
using float8_e5m2 = core::detail::SmallFloat<std::uint8_t, 5, 2, true>;     // DT_FLOAT8_E5M2
using float8_e4m3fn = core::detail::SmallFloat<std::uint8_t, 4, 3, false>;  // DT_FLOAT8_E4M3FN: it has no infinity
using int4 = core::detail::SmallInt<true>;                                  // DT_INT4: -8 to 7
using uint4 = core::detail::SmallInt<false>;                                // DT_UINT4: 0 to 15

}  // namespace CAIRN_NAMESPACE
