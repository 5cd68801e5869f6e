// snappy_uncompress: reads raw snappy (without frames), in which early releases of TensorFlow compressed the blocks of
// an index. cairn never writes it.
//
//   varint length of the result, then elements, by the low two bits of their first byte:
//   00 literal: length - 1 in the upper six bits, or 60..63 there and 1..4 bytes of it; then the bytes
//   01 copy:    length - 4 in bits 2..4, offset in bits 5..7 (high) and one byte (low)
//   10 copy:    length - 1 in the upper six bits, offset in two bytes
//   11 copy:    length - 1 in the upper six bits, offset in four bytes
#pragma once

#include "varint.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format {

// The most compact element is a copy of 64 bytes in three, so an honest result is less than this many times as long as
// the input. The length is checked first: a dozen bytes may not ask for gigabytes.
inline constexpr std::uint64_t max_snappy_expansion = 22;

// Returns the uncompressed bytes. Throws Error with ErrorCode::data_loss, with `subject` in its sentence, when the
// bytes are not snappy's, or the result does not have the length that they announce.
[[nodiscard]] inline std::string snappy_uncompress(std::string_view compressed, std::string_view subject) {
  ByteReader reader(compressed, subject);
  const std::uint32_t length = reader.read_varint32();
  if (length > max_snappy_expansion * compressed.size())
    reader.fail({"it says it holds ", length, " bytes, which ", compressed.size(), " compressed bytes cannot"});
  std::string out;
  out.reserve(length);
  const auto read_number = [&](std::size_t bytes) {
    std::uint32_t value = 0;
    const std::string_view digits = reader.read_bytes(bytes);
    for (std::size_t i = 0; i < bytes; ++i)
      value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(digits[i])) << (8 * i);
    return value;
  };
  while (!reader.empty()) {
    const std::uint32_t tag = read_number(1);
    std::uint64_t size = (tag >> 2) + 1;
    std::uint64_t offset = 0;
    switch (tag & 3) {
      case 0:
        if (size > 60) size = std::uint64_t{read_number(size - 60)} + 1;
        break;
      case 1:
        size = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | read_number(1);
        break;
      case 2:
        offset = read_number(2);
        break;
      default:
        offset = read_number(4);
    }
    if (size > length - out.size()) reader.fail("it holds more bytes than it says");
    if ((tag & 3) == 0) {
      out += reader.read_bytes(size);
      continue;
    }
    if (offset == 0 || offset > out.size()) reader.fail("it repeats bytes from before its beginning");
    // A copy may read bytes that it has just written; that is how runs are made.
    const std::size_t from = out.size() - static_cast<std::size_t>(offset);
    for (std::size_t rest = static_cast<std::size_t>(size); rest > 0;) {
      const std::size_t piece = std::min(rest, out.size() - from);
      out.append(out, from, piece);
      rest -= piece;
    }
  }
  if (out.size() != length) reader.fail("it holds fewer bytes than it says");
  return out;
}

}  // namespace CAIRN_NAMESPACE::format
