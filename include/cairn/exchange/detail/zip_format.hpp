// A zip file, as far as npz files need it (PKWARE's APPNOTE.TXT):
//
//   local header | name | extra | bytes        for each member
//   central header | name | extra | comment    for each member: what counts
//   [zip64 end, zip64 locator]                 where a size or count does not fit
//   end | comment
//
// Numbers are little-endian. A 16- or 32-bit number that is all ones stands for one of 64 bits in the extra field 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::exchange::detail {

inline constexpr std::uint32_t zip_local_mark = 0x04034b50, zip_central_mark = 0x02014b50, zip_end_mark = 0x06054b50,
                               zip64_end_mark = 0x06064b50, zip64_locator_mark = 0x07064b50;
inline constexpr std::size_t zip_local_bytes = 30, zip_central_bytes = 46, zip_end_bytes = 22, zip64_end_bytes = 56,
                             zip64_locator_bytes = 20;
inline constexpr std::uint16_t zip_stored = 0, zip_deflated = 8, zip64_extra = 1, zip_utf8_flag = 0x800;
inline constexpr std::uint64_t zip_max16 = 0xffff, zip_max32 = 0xffffffff;

[[nodiscard]] inline std::uint64_t zip_number(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[at + i]);
  return value;
}
inline void append_zip_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 255);
}

struct ZipMember {
  std::string name;
  std::uint16_t method = zip_stored;
  std::uint32_t crc32 = 0;
  std::uint64_t packed_bytes = 0, bytes = 0;
  std::uint64_t offset = 0;  // of its local header
};

}  // namespace cairn::exchange::detail
