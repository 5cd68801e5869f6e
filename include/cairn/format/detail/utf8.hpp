// Checks UTF-8: protobuf accepts no other text in its string fields.
#pragma once

#include "../../version.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE::format::detail {

// Returns true for well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF). NUL is a character.
[[nodiscard]] constexpr bool is_valid_utf8(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  // Nearly all names are ASCII: eight bytes at a time, while none of them has its high bit.
  const auto are_ascii = [&](std::size_t i) {
    std::uint64_t eight = 0;
    if (std::is_constant_evaluated()) {
      for (std::size_t k = 0; k < 8; ++k) eight |= static_cast<std::uint64_t>(byte(i + k)) << (8 * k);
    } else {
      std::memcpy(&eight, text.data() + i, 8);
    }
    return (eight & 0x8080808080808080u) == 0;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8) {
      if (are_ascii(i)) {
        i += 8;
        continue;
      }
    } else if (text.size() >= 8 && are_ascii(text.size() - 8)) {
      return true;
    }
    const std::uint32_t first = byte(i);
    if (first < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || length > text.size() - i) return false;
    // The second byte decides about overlong forms, surrogates and the upper end; the rest may be anything.
    const std::uint32_t second = byte(i + 1);
    const std::uint32_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const std::uint32_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) return false;
    for (std::size_t k = 2; k < length; ++k)
      if ((byte(i + k) & 0xc0) != 0x80) return false;
    i += length;
  }
  return true;
}

// Appends the code point, which must be at most 0x10FFFF and no surrogate.
inline void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto push = [&](std::uint32_t value) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(value))); };
  if (code_point < 0x80) return push(code_point);
  const int tails = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
  const std::uint32_t lead = tails == 1 ? 0xc0 : tails == 2 ? 0xe0 : 0xf0;
  push(lead | (code_point >> (6 * tails)));
  for (int i = tails - 1; i >= 0; --i) push(0x80 | ((code_point >> (6 * i)) & 0x3f));
}

}  // namespace CAIRN_NAMESPACE::format::detail
