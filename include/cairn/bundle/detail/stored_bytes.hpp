// The bytes of one tensor in a shard, read from front to back through a buffer, never beyond their end.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/varint.hpp"
#include "../../io/file_system.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

// Every member that reads throws Error with ErrorCode::data_loss when less is left than it wants, and the Errors of the
// file; each has the file's path and the tensor's key.
class StoredBytes {
 public:
  // `key` and `path` name the tensor and the file in messages. The range must lie inside the file; all three must
  // outlive this.
  StoredBytes(const io::ReadableFile& file, std::uint64_t offset, std::uint64_t size, std::string_view key,
              std::string_view path)
      : file_(&file), piece_(file.best_piece()), offset_(offset), end_(offset + size), key_(key), path_(path) {}

  // The same bytes through another file that has them.
  [[nodiscard]] const io::ReadableFile& file() const noexcept { return *file_; }
  void read_from(const io::ReadableFile& file) noexcept { file_ = &file; }
  // How many bytes are best read with one call.
  [[nodiscard]] std::size_t best_piece() const noexcept { return piece_; }
  [[nodiscard]] std::uint64_t remaining() const noexcept { return end_ - offset_ + buffered(); }

  [[nodiscard]] std::uint64_t read_varint64() {
    if (buffered() < format::max_varint_bytes) fill();
    format::ByteReader reader(std::span<const std::byte>(buffer_.data() + begin_, buffered()));
    try {
      const std::uint64_t value = reader.read_varint64();
      begin_ += reader.position();
      return value;
    } catch (const Error&) {
      fail({"a length is cut off, or does not fit in 64 bits"});
    }
  }

  void read(std::span<std::byte> out) {
    require(out.size());
    while (!out.empty()) {
      // Large runs, and all of what is left, need no buffer.
      if (buffered() == 0 && (out.size() >= piece_ / 4 || out.size() == end_ - offset_)) {
        const std::size_t piece = std::min(out.size(), piece_);
        load(out.first(piece));
        out = out.subspan(piece);
        continue;
      }
      const std::span<const std::byte> piece = next_piece(out.size());
      std::memcpy(out.data(), piece.data(), piece.size());
      out = out.subspan(piece.size());
    }
  }

  // Returns the next bytes, one at least and at most `most` of them, which is not 0. They are gone with the next call.
  [[nodiscard]] std::span<const std::byte> next_piece(std::uint64_t most) {
    require(most == 0 ? 0 : 1);
    if (buffered() == 0) fill();
    const std::span<const std::byte> piece(buffer_.data() + begin_,
                                           static_cast<std::size_t>(std::min<std::uint64_t>(most, buffered())));
    begin_ += piece.size();
    return piece;
  }

  // Passes over the next `size` bytes; returns `crc`, a checksum, extended by them.
  [[nodiscard]] std::uint32_t pass(std::uint64_t size, std::uint32_t crc) {
    require(size);
    while (size != 0) {
      const std::span<const std::byte> piece = next_piece(size);
      crc = format::extend_crc32c(crc, piece);
      size -= piece.size();
    }
    return crc;
  }

  [[noreturn]] void fail(std::initializer_list<core::detail::Words> problem) const {
    const std::uint64_t here = offset_ - buffered();
    core::detail::fail(ErrorCode::data_loss,
                       {"the tensor \"", key_, "\" in \"", path_, "\" is damaged at byte ", here, ": ",
                        core::detail::sentence_of(problem)},
                       {.file = path_, .key = key_, .offset = here});
  }
  // Throws Error with ErrorCode::data_loss when the masked checksum that was found is another than the expected one.
  void require_checksum(std::uint32_t expected, std::uint32_t found) const {
    if (expected == found) return;
    const std::string said = hexadecimal(expected), is = hexadecimal(found);
    core::detail::fail(
        ErrorCode::data_loss,
        {"the tensor \"", key_, "\" in \"", path_, "\" is damaged: its bytes up to byte ", end_,
         " of the file have the checksum ", is, ", the index says ", said, "; restore from another checkpoint"},
        {.file = path_, .key = key_, .offset = offset_ - buffered(), .expected = said, .found = is});
  }

 private:
  [[nodiscard]] static std::string hexadecimal(std::uint32_t number) {
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[(number >> shift) & 15u];
    return text;
  }
  [[nodiscard]] std::size_t buffered() const noexcept { return buffer_.size() - begin_; }
  void require(std::uint64_t size) const {
    if (size > remaining()) fail({"it has ", remaining(), " bytes left where ", size, " belong"});
  }

  // Keeps what is not used yet and reads on behind it, as far as the buffer and the tensor reach.
  void fill() {
    buffer_.erase(buffer_.begin(), buffer_.begin() + begin_);
    begin_ = 0;
    const std::size_t kept = buffer_.size();
    const auto more = static_cast<std::size_t>(std::min<std::uint64_t>(end_ - offset_, piece_ - kept));
    buffer_.resize(kept + more);
    load(std::span<std::byte>(buffer_.data() + kept, more));
  }
  void load(std::span<std::byte> out) {
    try {
      file_->read(offset_, out);
    } catch (Error& error) {
      error.in_file(std::string(path_)).at_key(std::string(key_));
      throw;
    }
    offset_ += out.size();
  }

  const io::ReadableFile* file_;
  std::size_t piece_;
  std::uint64_t offset_;  // of the first byte that is not in the buffer yet
  std::uint64_t end_;
  std::string_view key_;
  std::string_view path_;
  core::detail::Vec<std::byte> buffer_;
  std::size_t begin_ = 0;  // of what is not used yet
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
