// crc32c: CRC-32C (Castagnoli), the checksum of every block, entry and string of a checkpoint.
//
//   polynomial 0x1EDC6F41, reflected 0x82F63B78, register begins and ends with all bits inverted
//   stored masked:  rotate right by 15, then + 0xA282EAD8, so that a checksum of bytes that hold checksums stays good
//
// The functions use the processor's instructions where it has them (which is found out once, at run time), and tables
// otherwise. Any thread may call them.
#pragma once

#include "detail/crc32c_hardware.hpp"
#include "detail/crc32c_plain.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace CAIRN_NAMESPACE::format {

// Returns the crc of the bytes A followed by `bytes`, where `crc` is the crc of A (not masked). The crc of no bytes is
// 0.
[[nodiscard]] inline std::uint32_t extend_crc32c(std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
  return detail::has_crc32c_hardware() ? detail::crc32c_hardware(crc, bytes) : detail::crc32c_plain(crc, bytes);
}

// Returns the crc of `bytes`, not masked.
[[nodiscard]] inline std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept { return extend_crc32c(0, bytes); }

// Returns the crc of A followed by B, from the crcs of both (not masked) and the size of B in bytes, for parts that
// were read or written by different threads. It takes about a microsecond for any size.
[[nodiscard]] constexpr std::uint32_t combine_crc32c(std::uint32_t first, std::uint32_t second,
                                                     std::uint64_t second_size) noexcept {
  return detail::crc32c_multiply(first, detail::crc32c_power_of_x(second_size, 8)) ^ second;
}

// The number that masking adds.
inline constexpr std::uint32_t crc_mask_delta = 0xa282ead8u;

// mask_crc() turns a crc into the form in which files hold it, and unmask_crc() turns that form back.
[[nodiscard]] constexpr std::uint32_t mask_crc(std::uint32_t crc) noexcept {
  return std::rotr(crc, 15) + crc_mask_delta;
}
[[nodiscard]] constexpr std::uint32_t unmask_crc(std::uint32_t masked) noexcept {
  return std::rotl(masked - crc_mask_delta, 15);
}

}  // namespace CAIRN_NAMESPACE::format
