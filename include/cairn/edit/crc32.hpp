// The checksum of zip files: CRC-32 with the polynomial of Ethernet. TensorFlow's is another one (format/crc32c.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cairn::detail {

using Crc32Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// Eight tables, for eight bytes at a time. Not constexpr: each file that includes this would have its compiler compute
// them.
[[nodiscard]] inline Crc32Tables make_crc32_tables() noexcept {
  Crc32Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    tables[0][byte] = crc;
  }
  for (std::size_t table = 1; table < 8; ++table)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[table][byte] = (tables[table - 1][byte] >> 8) ^ tables[0][tables[table - 1][byte] & 255];
  return tables;
}
[[nodiscard]] inline const Crc32Tables& crc32_tables() noexcept {
  static const Crc32Tables tables = make_crc32_tables();
  return tables;
}

// Of what `crc` is the checksum of (0 of nothing), followed by these bytes.
[[nodiscard]] inline std::uint32_t extend_crc32(std::uint32_t crc, std::span<const std::byte> bytes) noexcept {
  const Crc32Tables& t = crc32_tables();
  crc = ~crc;
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    crc ^= at(0) | at(1) << 8 | at(2) << 16 | at(3) << 24;
    crc = t[7][crc & 255] ^ t[6][crc >> 8 & 255] ^ t[5][crc >> 16 & 255] ^ t[4][crc >> 24] ^ t[3][at(4)] ^ t[2][at(5)] ^
          t[1][at(6)] ^ t[0][at(7)];
  }
  for (const std::byte byte : bytes) crc = (crc >> 8) ^ t[0][(crc ^ std::to_integer<std::uint32_t>(byte)) & 255];
  return ~crc;
}

}  // namespace cairn::detail
