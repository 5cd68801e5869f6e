// FieldWriter: appends protobuf messages to a string, in place, without a string for each message in another.
//
//   FieldWriter fields(out);
//   fields.number(1, node_id);
//   const std::size_t edge = fields.begin_message(2);
//   fields.text(1, name);
//   fields.end_message(edge);
//   fields.finish();
#pragma once

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
// that is empty are left out; messages never are. Nobody else may use the string between the constructor and finish(),
// which gives it its size. One thread at a time may use a writer.
class FieldWriter {
 public:
  // `expected` is how many bytes there will be, more or less; the string grows where there are more.
  explicit FieldWriter(std::string& out, std::size_t expected = 0) : out_(out), size_(out.size()) {
    if (expected != 0) out.resize(size_ + expected);
  }
  void finish() { out_.resize(size_); }

  // Writes the field also if it is zero, as a member of a oneof is written.
  void set_number(std::uint32_t number, std::int64_t value) {
    put_tag(number, WireType::varint);
    put(static_cast<std::uint64_t>(value));  // negative numbers take ten bytes, also those of an int32
  }
  void number(std::uint32_t number, std::int64_t value) {
    if (value != 0) set_number(number, value);
  }
  void fixed32(std::uint32_t number, std::uint32_t value) {
    if (value == 0) return;
    put_tag(number, WireType::fixed32);
    (void)put_fixed32(room(4), value);
    size_ += 4;
  }
  void bytes(std::uint32_t number, std::string_view bytes) {
    if (bytes.empty()) return;
    put_tag(number, WireType::length_delimited);
    put(bytes.size());
    raw(bytes);
  }
  // Throws Error with ErrorCode::invalid_argument for text that is not UTF-8.
  void text(std::uint32_t number, std::string_view text) {
    require_utf8(text);
    bytes(number, text);
  }
  // A number of a packed field, which is a message of such numbers.
  void packed_number(std::int64_t value) { put(static_cast<std::uint64_t>(value)); }
  // Bytes that are whole fields.
  void raw(std::string_view fields) {
    if (fields.empty()) return;
    std::memcpy(room(fields.size()), fields.data(), fields.size());
    size_ += fields.size();
  }

  // Begins a message; what is written next are its fields. Returns what end_message() must be given. Nearly all messages
  // are so short that one byte holds their size. end_message() moves the bytes of a longer one.
  [[nodiscard]] std::size_t begin_message(std::uint32_t number) {
    put_tag(number, WireType::length_delimited);
    (void)room(1);
    return ++size_;
  }
  void end_message(std::size_t begin) {
    const std::size_t size = size_ - begin;
    if (size < 0x80)
      out_[begin - 1] = static_cast<char>(size);
    else
      end_long_message(begin, size);
  }

 private:
  // A place for `bytes` more bytes.
  [[nodiscard]] char* room(std::size_t bytes) {
    if (out_.size() - size_ < bytes) grow(bytes);
    return out_.data() + size_;
  }
  CAIRN_NOINLINE void grow(std::size_t bytes) {
    out_.resize(size_ + bytes);
    out_.resize(out_.capacity());
  }
  CAIRN_NOINLINE void end_long_message(std::size_t begin, std::size_t size) {
    const std::size_t more = (static_cast<std::size_t>(std::bit_width(size)) + 6) / 7 - 1;
    (void)room(more);
    std::memmove(out_.data() + begin + more, out_.data() + begin, size);
    (void)put_varint(out_.data() + begin - 1, size);
    size_ += more;
  }

  void put(std::uint64_t value) {
    if (value >= 0x80) return put_long(value);
    *room(1) = static_cast<char>(value);  // most numbers are small
    ++size_;
  }
  CAIRN_NOINLINE void put_long(std::uint64_t value) {
    char* const to = room(max_varint_bytes);
    size_ += static_cast<std::size_t>(put_varint(to, value) - to);
  }
  void put_tag(std::uint32_t number, WireType type) {
    put(static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint32_t>(type));
  }

  std::string& out_;
  std::size_t size_;  // the bytes of out_ that are written
};

}  // namespace CAIRN_NAMESPACE::format
