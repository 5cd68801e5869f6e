// What a table's writer and reader share: where its parts are and how they are sealed.
//
//   data block | trailer, ..., metaindex block | trailer, index block | trailer, footer
//   trailer (5 bytes)  = u8 compression, u32le masked crc32c of block and compression byte
//   index block        = for each data block: a key not below its last and below the next block's first -> its handle
//   handle             = varint64 offset, varint64 size of a block without its trailer
//   footer (48 bytes)  = handle of the metaindex block, handle of the index block, zeros up to 40, the magic number
//
// TensorFlow writes an empty metaindex block and never reads it.
#pragma once

#include "crc32c.hpp"
#include "varint.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::format {

enum class Compression : std::uint8_t { none = 0, snappy = 1 };

inline constexpr std::size_t block_trailer_size = 5;
inline constexpr std::size_t table_footer_size = 48;
inline constexpr std::uint64_t table_magic = 0xdb4775248b80fb57u;
inline constexpr std::size_t default_block_size = 262144;  // TensorFlow's: the size at which a block is closed
inline constexpr int default_restart_interval = 16;

struct BlockHandle {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

inline void append_handle(std::string& out, const BlockHandle& handle) {
  append_varint(out, handle.offset);
  append_varint(out, handle.size);
}

// Reads a handle that promises a block with its trailer within the first `limit` bytes of the file.
[[nodiscard]] inline BlockHandle read_handle(ByteReader& reader, std::uint64_t limit) {
  BlockHandle handle;
  handle.offset = reader.read_varint64();
  handle.size = reader.read_varint64();
  if (limit < block_trailer_size || handle.offset > limit - block_trailer_size ||
      handle.size > limit - block_trailer_size - handle.offset)
    reader.fail("it points to a block of " + std::to_string(handle.size) + " bytes at " +
                std::to_string(handle.offset) + ", which is not inside the file");
  return handle;
}

// The masked crc of a block and its compression byte: what its trailer holds.
[[nodiscard]] inline std::uint32_t block_checksum(std::string_view block, Compression compression) noexcept {
  const std::byte type{static_cast<std::uint8_t>(compression)};
  return mask_crc(extend_crc32c(crc32c(as_bytes(block)), std::span(&type, 1)));
}

}  // namespace cairn::format
