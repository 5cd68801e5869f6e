// FieldWriter: writes protobuf messages in place, without a string for each message in another. append_fields() counts
// their bytes first, so that the string grows once.
//
//   append_fields(out, [&](FieldWriter& fields) {
//     fields.number(1, node_id);
//     const std::size_t edge = fields.begin_message(2);
//     fields.text(1, name);
//     fields.end_message(edge);
//   });
#pragma once

#include "../core/detail/function_ref.hpp"
#include "varint.hpp"
#include "wire.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format {

// The fields of a message and of those in it, in the order of the calls. As in proto3, a number that is zero and a text
// that is empty are left out; messages never are. One thread at a time may use a writer.
class FieldWriter {
 public:
  // Makes a writer that only counts bytes.
  FieldWriter() noexcept = default;
  // Makes a writer to `to`, where there must be room for all bytes.
  explicit FieldWriter(char* to) noexcept : to_(to) {}

  // The number of bytes so far.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  // Writes the field also if it is zero, as a member of a oneof is written.
  void set_number(std::uint32_t number, std::int64_t value) noexcept {
    put_tag(number, WireType::varint);
    put(static_cast<std::uint64_t>(value));  // negative numbers take ten bytes, also those of an int32
  }
  void number(std::uint32_t number, std::int64_t value) noexcept {
    if (value != 0) set_number(number, value);
  }
  void fixed32(std::uint32_t number, std::uint32_t value) noexcept {
    if (value == 0) return;
    put_tag(number, WireType::fixed32);
    if (to_ != nullptr) (void)put_fixed32(to_ + size_, value);
    size_ += 4;
  }
  void bytes(std::uint32_t number, std::string_view bytes) noexcept {
    if (bytes.empty()) return;
    put_tag(number, WireType::length_delimited);
    put(bytes.size());
    raw(bytes);
  }
  // Throws Error with ErrorCode::invalid_argument for text that is not UTF-8; a writer that counts does not look.
  void text(std::uint32_t number, std::string_view text) {
    if (to_ != nullptr) require_utf8(text);
    bytes(number, text);
  }
  // A number of a packed field, which is a message of such numbers.
  void packed_number(std::int64_t value) noexcept { put(static_cast<std::uint64_t>(value)); }
  // Bytes that are whole fields.
  void raw(std::string_view fields) noexcept {
    if (to_ != nullptr && !fields.empty()) std::memcpy(to_ + size_, fields.data(), fields.size());
    size_ += fields.size();
  }

  // Begins a message; what is written next are its fields. Returns what end_message() must be given. Nearly all messages
  // are so short that one byte holds their size. end_message() moves the bytes of a longer one.
  [[nodiscard]] std::size_t begin_message(std::uint32_t number) noexcept {
    put_tag(number, WireType::length_delimited);
    return ++size_;
  }
  void end_message(std::size_t begin) noexcept {
    const std::size_t size = size_ - begin, more = varint_size(size) - 1;
    if (to_ != nullptr) {
      if (more != 0) std::memmove(to_ + begin + more, to_ + begin, size);
      (void)put_varint(to_ + begin - 1, size);
    }
    size_ += more;
  }

 private:
  [[nodiscard]] static std::size_t varint_size(std::uint64_t value) noexcept {
    return value < 0x80 ? 1 : (static_cast<std::size_t>(std::bit_width(value)) + 6) / 7;  // most numbers are small
  }
  void put(std::uint64_t value) noexcept {
    size_ =
        to_ == nullptr ? size_ + varint_size(value) : static_cast<std::size_t>(put_varint(to_ + size_, value) - to_);
  }
  void put_tag(std::uint32_t number, WireType type) noexcept {
    put(static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint32_t>(type));
  }

  char* to_ = nullptr;
  std::size_t size_ = 0;
};

// Appends the fields, which are written twice: once to count them. Throws Error with ErrorCode::invalid_argument for text
// that is not UTF-8; `out` may end with anything then.
inline void append_fields(std::string& out, core::detail::FunctionRef<void(FieldWriter&)> write) {
  FieldWriter counter;
  write(counter);
  const std::size_t begin = out.size();
  out.resize(begin + counter.size());
  FieldWriter fields(out.data() + begin);
  write(fields);
}

}  // namespace CAIRN_NAMESPACE::format
