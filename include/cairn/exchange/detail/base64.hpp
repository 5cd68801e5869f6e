// Bytes as text, as RFC 4648 has it: what metadata of other formats, which are texts, can hold.
#pragma once

#include "../../version.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::exchange::detail {

inline constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

[[nodiscard]] inline std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<std::uint8_t>(bytes[i + k]) : std::uint32_t{0});
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? base64_letters[(group >> (18 - 6 * k)) & 63] : '=';
  }
  return text;
}

// nullopt for what base64_encode never gives.
[[nodiscard]] inline std::optional<std::string> base64_decode(std::string_view text) {
  std::array<std::uint8_t, 256> values{};
  values.fill(64);
  for (std::size_t i = 0; i < base64_letters.size(); ++i)
    values[static_cast<std::uint8_t>(base64_letters[i])] = static_cast<std::uint8_t>(i);
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t count = i + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::uint8_t value = k < count ? values[static_cast<std::uint8_t>(text[i + k])] : std::uint8_t{0};
      if (value == 64) return std::nullopt;
      group = group << 6 | value;
    }
    if ((group & ((std::uint32_t{1} << (8 * (4 - count))) - 1)) != 0) return std::nullopt;
    for (std::size_t k = 0; k + 1 < count; ++k) bytes += static_cast<char>(group >> (16 - 8 * k) & 255);
  }
  return bytes;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
