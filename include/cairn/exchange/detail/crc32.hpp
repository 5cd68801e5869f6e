// The checksum of zip files: CRC-32 with the polynomial of Ethernet. TensorFlow's is another one (format/crc32c.hpp).
#pragma once

#include "../../format/detail/crc32c_plain.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace CAIRN_NAMESPACE::exchange::detail {

// Of what `crc` is the checksum of (0 of nothing), followed by these bytes.
[[nodiscard]] inline std::uint32_t extend_crc32(std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
  static const format::detail::CrcTables tables = format::detail::make_crc_tables(0xedb88320u);
  return format::detail::extend_by_tables(tables, crc, bytes);
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
