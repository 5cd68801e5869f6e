// Numbers of variable and fixed length, and ByteReader, the only place where a length or number from a file is checked.
//
//   varint: seven bits a byte, lowest first, bit 0x80 set on all but the last; at most ten bytes for 64 bits
//   fixed32, fixed64: little-endian
//
// LevelDB's tables and protobuf use the same numbers.
#pragma once

#include "../core/detail/fail.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format {

// Returns the bytes of a text.
[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

// The number of bytes of the longest varint.
inline constexpr std::size_t max_varint_bytes = 10;

// Writes a varint at `to`, where max_varint_bytes must be free; returns the place behind it.
inline char* put_varint(char* to, std::uint64_t value) noexcept {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(static_cast<unsigned char>(value | 0x80));
  *to++ = static_cast<char>(static_cast<unsigned char>(value));
  return to;
}
// Writes four bytes, little-endian, at `to`; returns the place behind them.
inline char* put_fixed32(char* to, std::uint32_t value) noexcept {
  for (int i = 0; i < 4; ++i, value >>= 8) *to++ = static_cast<char>(static_cast<unsigned char>(value & 0xff));
  return to;
}
// These append a number to `out`, as varint or little-endian.
inline void append_varint(std::string& out, std::uint64_t value) {
  if (value < 0x80) return out.push_back(static_cast<char>(value));  // most numbers are small
  char bytes[max_varint_bytes];
  out.append(bytes, static_cast<std::size_t>(put_varint(bytes, value) - bytes));
}
inline void append_fixed32(std::string& out, std::uint32_t value) {
  char bytes[4];
  out.append(bytes, static_cast<std::size_t>(put_fixed32(bytes, value) - bytes));
}
inline void append_fixed64(std::string& out, std::uint64_t value) {
  append_fixed32(out, static_cast<std::uint32_t>(value));
  append_fixed32(out, static_cast<std::uint32_t>(value >> 32));
}

// Reads numbers and runs of bytes from the front of memory that is not trusted. Every read either succeeds within the
// given bytes, or throws Error with ErrorCode::data_loss and the offset and has then consumed nothing.
//
// `subject` names the bytes in messages ("the header of the index"); `base` is added to the offsets in messages, for
// bytes that are a piece of something larger. Neither the bytes nor the subject are copied.
class ByteReader {
 public:
  // `subject` names the bytes in Errors, and `base` is the offset of the first one in the whole.
  explicit ByteReader(std::string_view bytes, std::string_view subject = "a sequence of bytes",
                      std::uint64_t base = 0) noexcept
      : bytes_(bytes), subject_(subject), base_(base) {}
  explicit ByteReader(std::span<const std::byte> bytes, std::string_view subject = "a sequence of bytes",
                      std::uint64_t base = 0) noexcept
      : ByteReader(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), subject, base) {}

  // Returns the number of bytes that are left.
  [[nodiscard]] std::size_t remaining() const noexcept { return bytes_.size() - position_; }
  [[nodiscard]] bool empty() const noexcept { return remaining() == 0; }
  // Returns the number of bytes that were consumed.
  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  // Returns the offset as messages count it.
  [[nodiscard]] std::uint64_t offset() const noexcept { return base_ + position_; }
  // Returns all bytes, the consumed ones included.
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::string_view subject() const noexcept { return subject_; }

  // Reads a varint. A number with more bytes than it needs is accepted, as protobuf and LevelDB do; a number of more
  // than 64 (or 32) bits throws Error with ErrorCode::data_loss.
  [[nodiscard]] std::uint64_t read_varint64() {
    if (position_ < bytes_.size() && at(position_) < 0x80) return at(position_++);  // most numbers are small
    return read_long_varint();
  }

  // Returns the next number. Throws Error with ErrorCode::data_loss when it is cut, or needs more than 32 bits; then
  // the position is unchanged.
  [[nodiscard]] std::uint32_t read_varint32() {
    const std::size_t begin = position_;
    const std::uint64_t value = read_varint64();
    if (value > std::numeric_limits<std::uint32_t>::max()) {
      position_ = begin;
      fail("a number does not fit in 32 bits");
    }
    return static_cast<std::uint32_t>(value);
  }

  // Return the next number of 4 or 8 bytes, little-endian. Throw Error with ErrorCode::data_loss when fewer bytes are
  // left.
  [[nodiscard]] std::uint32_t read_fixed32() { return static_cast<std::uint32_t>(read_fixed(4)); }
  [[nodiscard]] std::uint64_t read_fixed64() { return read_fixed(8); }

  // Returns the next `size` bytes, in place. Any size may be asked for. Throws Error with ErrorCode::data_loss when
  // fewer bytes are left.
  [[nodiscard]] std::string_view read_bytes(std::uint64_t size) {
    if (size > remaining()) fail_short(size);
    const std::string_view result(bytes_.data() + position_, static_cast<std::size_t>(size));
    position_ += result.size();
    return result;
  }

  // Throws Error with ErrorCode::data_loss at the present offset, with the sentence "<subject> is damaged at byte
  // <offset>: <problem>".
  [[noreturn]] CAIRN_COLD CAIRN_NOINLINE void fail(std::string_view problem) const {
    fail(std::initializer_list<core::detail::Words>{problem});
  }
  [[noreturn]] void fail(std::initializer_list<core::detail::Words> problem) const {
    core::detail::fail(ErrorCode::data_loss,
                       {subject_, " is damaged at byte ", offset(), ": ", core::detail::sentence_of(problem)},
                       {.offset = offset()});
  }

  // The bytes of the longest number: 10.
  static constexpr std::size_t max_varint_bytes = format::max_varint_bytes;

 private:
  [[nodiscard]] std::uint8_t at(std::size_t i) const noexcept { return static_cast<std::uint8_t>(bytes_[i]); }

  // These are functions of their own, so that what calls them can be inlined.
  [[noreturn]] CAIRN_COLD CAIRN_NOINLINE void fail_short(std::uint64_t size) const {
    fail({"it has ", remaining(), " bytes left where ", size, " are announced"});
  }
  [[nodiscard]] CAIRN_NOINLINE std::uint64_t read_long_varint() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < max_varint_bytes; ++i) {
      if (position_ + i >= bytes_.size()) fail({"it ends in the middle of a number"});
      const std::uint64_t byte = at(position_ + i);
      if (i == max_varint_bytes - 1 && byte > 1) break;
      value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) {
        position_ += i + 1;
        return value;
      }
    }
    fail({"a number does not fit in 64 bits"});
  }

  [[nodiscard]] std::uint64_t read_fixed(std::size_t size) {
    const std::string_view digits = read_bytes(size);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(digits[i])) << (8 * i);
    return value;
  }

  std::string_view bytes_;
  std::string_view subject_;
  std::uint64_t base_;
  std::size_t position_ = 0;
};

}  // namespace CAIRN_NAMESPACE::format
