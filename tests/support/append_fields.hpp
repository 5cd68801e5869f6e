// Protobuf's fields appended to a string one by one, each with its own few lines: what format/field_writer.hpp writes is
// compared with them, and tests make odd messages of them.
#pragma once

#include <cairn/format/varint.hpp>
#include <cairn/format/wire.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace support {

inline void append_tag(std::string& out, std::uint32_t number, cairn::format::WireType type) {
  cairn::format::append_varint(out, (static_cast<std::uint64_t>(number) << 3) | static_cast<std::uint32_t>(type));
}
// Those with "set" in their name write a zero, too.
inline void append_set_int64(std::string& out, std::uint32_t number, std::int64_t value) {
  append_tag(out, number, cairn::format::WireType::varint);
  cairn::format::append_varint(out, static_cast<std::uint64_t>(value));
}
inline void append_int64(std::string& out, std::uint32_t number, std::int64_t value) {
  if (value != 0) append_set_int64(out, number, value);
}
inline void append_fixed32_field(std::string& out, std::uint32_t number, std::uint32_t value) {
  if (value == 0) return;
  append_tag(out, number, cairn::format::WireType::fixed32);
  cairn::format::append_fixed32(out, value);
}
inline void append_set_bytes(std::string& out, std::uint32_t number, std::string_view bytes) {
  append_tag(out, number, cairn::format::WireType::length_delimited);
  cairn::format::append_varint(out, bytes.size());
  out += bytes;
}
inline void append_text(std::string& out, std::uint32_t number, std::string_view text) {
  if (!text.empty()) append_set_bytes(out, number, text);
}
// body(message) appends the fields of the message.
template <class Body>
void append_message(std::string& out, std::uint32_t number, const Body& body) {
  std::string message;
  body(message);
  append_set_bytes(out, number, message);
}

}  // namespace support
