// append_fields: writes many protobuf messages in place. It first counts the size of all of them, so that no buffer
// grows.
//
//   append_fields(out, [&](auto& fields) {
//     fields.number(1, node_id);
//     fields.message(2, [&](auto& inner) { inner.text(1, name); });
//   });
//
// The function is called twice, with a writer that counts and with one that writes. Whoever knows how large a message
// can be at most uses FieldWriter alone. The bytes are those that
// format/wire.hpp's functions append: zeros and empty texts are left out, messages never.
#pragma once

#include "../varint.hpp"
#include "../wire.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format::detail {

[[nodiscard]] constexpr std::uint64_t tag_of(std::uint32_t number, WireType type) noexcept {
  return static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint32_t>(type);
}
[[nodiscard]] constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  return value < 0x80 ? 1 : (static_cast<std::size_t>(std::bit_width(value)) + 6) / 7;  // most numbers are small
}

class FieldCounter {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  void set_number(std::uint32_t number, std::int64_t value) noexcept {
    size_ += varint_size(tag_of(number, WireType::varint)) + varint_size(static_cast<std::uint64_t>(value));
  }
  void number(std::uint32_t number, std::int64_t value) noexcept {
    if (value != 0) set_number(number, value);
  }
  void fixed32(std::uint32_t number, std::uint32_t value) noexcept {
    if (value != 0) size_ += varint_size(tag_of(number, WireType::fixed32)) + 4;
  }
  void text(std::uint32_t number, std::string_view text) noexcept {
    if (!text.empty()) add_bytes(number, text.size());
  }
  template <class Fields>
  void message(std::uint32_t number, const Fields& fields) {
    FieldCounter inner;
    fields(inner);
    add_bytes(number, inner.size());
  }
  void raw(std::string_view bytes) noexcept { size_ += bytes.size(); }

 private:
  void add_bytes(std::uint32_t number, std::size_t size) noexcept {
    size_ += varint_size(tag_of(number, WireType::length_delimited)) + varint_size(size) + size;
  }
  std::size_t size_ = 0;
};

class FieldWriter {
 public:
  // All bytes were counted, so there is room for them.
  explicit FieldWriter(char* to) noexcept : to_(to) {}
  // Returns the place behind what was written.
  [[nodiscard]] char* end() const noexcept { return to_; }

  void set_number(std::uint32_t number, std::int64_t value) noexcept {
    to_ = put_varint(put_varint(to_, tag_of(number, WireType::varint)), static_cast<std::uint64_t>(value));
  }
  void number(std::uint32_t number, std::int64_t value) noexcept {
    if (value != 0) set_number(number, value);
  }
  void fixed32(std::uint32_t number, std::uint32_t value) noexcept {
    if (value == 0) return;
    to_ = put_fixed32(put_varint(to_, tag_of(number, WireType::fixed32)), value);
  }
  // Throws Error with ErrorCode::invalid_argument for text that is not UTF-8.
  void text(std::uint32_t number, std::string_view text) {
    if (text.empty()) return;
    require_utf8(text);
    to_ = put_varint(put_varint(to_, tag_of(number, WireType::length_delimited)), text.size());
    raw(text);
  }
  template <class Fields>
  void message(std::uint32_t number, const Fields& fields) {
    char* const begin = begin_message(number);
    fields(*this);
    end_message(begin);
  }
  // Begins a message, whose fields are written next, and returns where they begin. Nearly all messages are so short that
  // one byte holds their size. The size of a longer one is known only when it is written; end_message() moves it then.
  [[nodiscard]] char* begin_message(std::uint32_t number) noexcept {
    return to_ = put_varint(to_, tag_of(number, WireType::length_delimited)) + 1;
  }
  void end_message(char* begin) noexcept {
    const auto size = static_cast<std::size_t>(to_ - begin);
    if (const std::size_t more = varint_size(size) - 1; more != 0) {
      std::memmove(begin + more, begin, size);
      to_ += more;
    }
    (void)put_varint(begin - 1, size);
  }
  void raw(std::string_view bytes) noexcept {
    if (bytes.empty()) return;
    std::memcpy(to_, bytes.data(), bytes.size());
    to_ += bytes.size();
  }

 private:
  char* to_;
};

// Appends the fields. Throws Error with ErrorCode::invalid_argument for text that is not UTF-8; `out` may end with
// anything then.
template <class Fields>
void append_fields(std::string& out, const Fields& fields) {
  FieldCounter counter;
  fields(counter);
  const std::size_t begin = out.size();
  out.resize(begin + counter.size());
  FieldWriter writer(out.data() + begin);
  fields(writer);
}

}  // namespace CAIRN_NAMESPACE::format::detail
