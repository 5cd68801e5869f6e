// The form of a table, which its writer and its reader share: the places of its parts, and their checksums.
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

namespace CAIRN_NAMESPACE::format {

// The byte in a block's trailer. A file may hold any other number, which is refused.
enum class Compression : std::uint8_t { none = 0, snappy = 1 };

// The sizes of a trailer and of the footer in bytes, and the last eight bytes of every table.
inline constexpr std::size_t block_trailer_size = 5;
inline constexpr std::size_t table_footer_size = 48;
inline constexpr std::uint64_t table_magic = 0xdb4775248b80fb57u;
// The number of bytes at which TensorFlow closes a block.
inline constexpr std::size_t default_block_size = 262144;
// The number of keys from one whole key to the next in TensorFlow's blocks.
inline constexpr int default_restart_interval = 16;

// The place of a block in the file, without its trailer, in bytes.
struct BlockHandle {
  // The offset counts from the beginning of the file.
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// Appends a handle as two varints.
inline void append_handle(std::string& out, const BlockHandle& handle) {
  append_varint(out, handle.offset);
  append_varint(out, handle.size);
}

// Reads the handle of a block that lies, with its trailer, within the first `limit` bytes of the file. Throws Error
// with ErrorCode::data_loss for any other handle.
[[nodiscard]] inline BlockHandle read_handle(ByteReader& reader, std::uint64_t limit) {
  BlockHandle handle;
  handle.offset = reader.read_varint64();
  handle.size = reader.read_varint64();
  if (limit < block_trailer_size || handle.offset > limit - block_trailer_size ||
      handle.size > limit - block_trailer_size - handle.offset)
    reader.fail(
        {"it points to a block of ", handle.size, " bytes at ", handle.offset, ", which is not inside the file"});
  return handle;
}

// Returns the masked crc of a block and its compression byte, as the trailer holds it.
[[nodiscard]] inline std::uint32_t block_checksum(std::string_view block, Compression compression) noexcept {
  const std::byte type{static_cast<std::uint8_t>(compression)};
  return mask_crc(extend_crc32c(crc32c(as_bytes(block)), std::span(&type, 1)));
}

}  // namespace CAIRN_NAMESPACE::format
