// What <cmath> says of a double: its special functions, which come along, are a twentieth of an empty file's compilation.
#pragma once

#include "../../version.hpp"

#include <bit>
#include <cstdint>

namespace CAIRN_NAMESPACE::core::detail {

[[nodiscard]] constexpr bool is_nan(double value) noexcept { return value != value; }
[[nodiscard]] constexpr bool is_finite(double value) noexcept { return value - value == 0; }
// True for -0.0, too, and for a NaN with that bit.
[[nodiscard]] constexpr bool has_sign(double value) noexcept { return std::bit_cast<std::uint64_t>(value) >> 63 != 0; }
[[nodiscard]] constexpr double magnitude(double value) noexcept { return has_sign(value) ? -value : value; }
// The number without its fraction.
[[nodiscard]] constexpr double truncated(double value) noexcept {
  constexpr double without_fraction = 4503599627370496;  // 2^52: from there on no double has one
  return magnitude(value) < without_fraction ? static_cast<double>(static_cast<std::int64_t>(value)) : value;
}

}  // namespace CAIRN_NAMESPACE::core::detail
