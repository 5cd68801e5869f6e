// Keys of the slices of a partitioned tensor: numbers and text written so that their bytes sort as they do.
//
//   number 0, text name, number rank, then for each dimension: signed start, signed length
//   text           = bytes with 00 -> 00 ff and ff -> ff 00, ended by 00 01
//   number         = one byte of length, then big-endian bytes without leading zeros (0 is 00)
//   signed number  = 1 to 10 bytes, big-endian; the leading bits say how many (80: one, c0: two, ...), inverted for
//                    negative numbers
//   a dimension that is whole has start 0 and length -1
//
// (tensorflow/core/lib/strings/ordered_code.cc and core/util/saved_tensor_slice_util.cc.)
#pragma once

#include "../bundle_messages.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format::detail {

inline void append_ordered_number(std::string& out, std::uint64_t value) {
  std::string digits;
  for (; value != 0; value >>= 8) digits.insert(digits.begin(), static_cast<char>(static_cast<std::uint8_t>(value)));
  out.push_back(static_cast<char>(digits.size()));
  out += digits;
}

inline void append_ordered_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    out.push_back(c);
    if (c == '\0') out.push_back('\xff');
    if (c == '\xff') out.push_back('\0');
  }
  out += std::string_view("\0\1", 2);
}

inline void append_ordered_signed(std::string& out, std::int64_t value) {
  // Seven bits of the value (sign included) go into a byte.
  std::uint64_t magnitude = static_cast<std::uint64_t>(value < 0 ? ~value : value);
  std::size_t bits = 0;
  for (; magnitude != 0; magnitude >>= 1) ++bits;
  const std::size_t size = bits / 7 + 1;
  std::array<std::uint8_t, 10> bytes{};
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t shift = 8 * (size - 1 - i);
    bytes[i] = static_cast<std::uint8_t>(shift < 64 ? value >> shift : value >> 63);
  }
  // As many leading one bits as there are bytes, in front of the sign.
  const std::uint32_t header = 0xffffu << (16 - size);
  bytes[0] ^= static_cast<std::uint8_t>(header >> 8);
  if (size > 1) bytes[1] ^= static_cast<std::uint8_t>(header);
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(bytes[i]));
}

// Returns the key under which the bytes of this slice of the tensor are stored. It is made from the extents as they are
// given: a dimension that is whole by its numbers has another key than one without a length.
[[nodiscard]] CAIRN_COLD inline std::string encode_slice_key(std::string_view tensor_name, const TensorSlice& slice) {
  std::string key;
  append_ordered_number(key, 0);
  append_ordered_text(key, tensor_name);
  append_ordered_number(key, slice.size());
  for (const SliceExtent& extent : slice) {
    append_ordered_signed(key, extent.length ? extent.start : 0);
    append_ordered_signed(key, extent.length.value_or(-1));
  }
  return key;
}

// Appends the name of the tensor that a slice's key is of, and returns how many bytes of the key stand before the rank;
// 0 for what is no slice's key.
[[nodiscard]] inline std::size_t decode_slice_name(std::string_view key, std::string& name) {
  if (key.empty() || key[0] != '\0') return 0;
  for (std::size_t at = 1; at + 1 < key.size(); ++at) {
    const char c = key[at];
    if (c == '\0' && key[at + 1] == '\1') return at + 2;
    name.push_back(c);
    if (c == '\0' || c == '\xff')
      if (key[++at] != (c == '\0' ? '\xff' : '\0')) return 0;
  }
  return 0;
}

}  // namespace CAIRN_NAMESPACE::format::detail
