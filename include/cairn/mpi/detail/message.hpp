// Small messages between ranks: numbers and texts, one behind the other.
#pragma once

#include "../../format/varint.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {

inline void put(std::string& message, std::string_view text) {
  format::append_varint(message, text.size());
  message += text;
}
inline void put(std::string& message, const std::optional<std::string>& text) {
  format::append_varint(message, text ? 1 : 0);
  if (text) put(message, std::string_view(*text));
}
inline void put(std::string& message, const std::vector<std::string>& texts) {
  format::append_varint(message, texts.size());
  for (const std::string& each : texts) put(message, std::string_view(each));
}

[[nodiscard]] inline std::string_view take_text(format::ByteReader& message) {
  return message.read_bytes(message.read_varint64());
}
[[nodiscard]] inline std::optional<std::string> take_optional(format::ByteReader& message) {
  if (message.read_varint64() == 0) return std::nullopt;
  return std::string(take_text(message));
}
[[nodiscard]] inline std::vector<std::string> take_texts(format::ByteReader& message) {
  std::vector<std::string> texts;
  for (std::uint64_t left = message.read_varint64(); left > 0; --left) texts.emplace_back(take_text(message));
  return texts;
}

}  // namespace CAIRN_NAMESPACE::mpi::detail
