// The bytes of one tensor in a shard, read from front to back through a buffer, never beyond their end.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../format/varint.hpp"
#include "../../io/file_system.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace cairn::bundle::detail {

class StoredBytes {
 public:
  // `key` and `path` name the tensor and the file in messages. The range must lie inside the file; all three must
  // outlive this.
  StoredBytes(const io::ReadableFile& file, std::uint64_t offset, std::uint64_t size, std::string_view key,
              std::string_view path)
      : file_(&file), offset_(offset), end_(offset + size), key_(key), path_(path) {}

  [[nodiscard]] std::uint64_t remaining() const noexcept { return end_ - offset_ + buffered(); }

  [[nodiscard]] std::uint64_t read_varint64() {
    if (buffered() < format::ByteReader::max_varint_bytes) fill();
    format::ByteReader reader(std::span<const std::byte>(buffer_.data() + begin_, buffered()));
    try {
      const std::uint64_t value = reader.read_varint64();
      begin_ += reader.position();
      return value;
    } catch (const Error&) {
      fail("a length is cut off, or does not fit in 64 bits");
    }
  }

  void read(std::span<std::byte> out) {
    if (out.size() > remaining())
      fail("it has " + std::to_string(remaining()) + " bytes left where " + std::to_string(out.size()) + " belong");
    while (!out.empty()) {
      // Large runs, and all of what is left, need no buffer.
      if (buffered() == 0 && (out.size() >= io::piece_bytes / 8 || out.size() == end_ - offset_)) {
        const std::size_t piece = std::min(out.size(), io::piece_bytes);
        file_->read(offset_, out.first(piece));
        offset_ += piece;
        out = out.subspan(piece);
        continue;
      }
      if (buffered() == 0) fill();
      const std::size_t piece = std::min(out.size(), buffered());
      std::memcpy(out.data(), buffer_.data() + begin_, piece);
      begin_ += piece;
      out = out.subspan(piece);
    }
  }

  // Gives the next `size` bytes to `use(std::span<const std::byte>)`, in pieces that are gone after the call.
  template <class Use>
  void for_each_piece(std::uint64_t size, Use use) {
    if (size > remaining())
      fail("it has " + std::to_string(remaining()) + " bytes left where " + std::to_string(size) + " belong");
    while (size != 0) {
      if (buffered() == 0) fill();
      const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(size, buffered()));
      use(std::span<const std::byte>(buffer_.data() + begin_, piece));
      begin_ += piece;
      size -= piece;
    }
  }

  [[noreturn]] void fail(const std::string& problem) const {
    const std::uint64_t here = offset_ - buffered();
    throw Error(ErrorCode::data_loss, subject() + " is damaged at byte " + std::to_string(here) + ": " + problem)
        .at_offset(here);
  }
  [[noreturn]] void fail_checksum(std::uint32_t expected, std::uint32_t found) const {
    throw Error(ErrorCode::data_loss, subject() + " is damaged: its bytes up to byte " + std::to_string(end_) +
                                          " of the file have the checksum " + hexadecimal(found) + ", the index says " +
                                          hexadecimal(expected) + "; restore from another checkpoint")
        .at_offset(offset_ - buffered())
        .expecting(hexadecimal(expected), hexadecimal(found));
  }

  [[nodiscard]] static std::string hexadecimal(std::uint32_t number) {
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[(number >> shift) & 15u];
    return text;
  }

 private:
  [[nodiscard]] std::string subject() const {
    return "the tensor \"" + std::string(key_) + "\" in \"" + std::string(path_) + "\"";
  }
  [[nodiscard]] std::size_t buffered() const noexcept { return buffer_.size() - begin_; }

  // Keeps what is not used yet and reads on behind it, as far as the buffer and the tensor reach.
  void fill() {
    buffer_.erase(buffer_.begin(), buffer_.begin() + begin_);
    begin_ = 0;
    const std::size_t kept = buffer_.size();
    const auto more = static_cast<std::size_t>(std::min<std::uint64_t>(end_ - offset_, io::piece_bytes - kept));
    buffer_.resize(kept + more);
    file_->read(offset_, std::span<std::byte>(buffer_.data() + kept, more));
    offset_ += more;
  }

  const io::ReadableFile* file_;
  std::uint64_t offset_;  // of the first byte that is not in the buffer yet
  std::uint64_t end_;
  std::string_view key_;
  std::string_view path_;
  core::detail::Vec<std::byte> buffer_;
  std::size_t begin_ = 0;  // of what is not used yet
};

}  // namespace cairn::bundle::detail
