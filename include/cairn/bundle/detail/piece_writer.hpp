// Puts tensors one behind the other into a data file: small ones gathered, large ones straight from their memory.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../io/file_system.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace CAIRN_NAMESPACE::bundle::detail {

// What the sources of a range's bytes keep from one tensor to the next.
struct SourceMemory {
  virtual ~SourceMemory() = default;
};

// Writes a range of `file` from `offset` on. Several of them may write to their own ranges of one file at a time.
class PieceWriter {
 public:
  PieceWriter(io::WritableFile& file, std::uint64_t offset)
      : file_(&file), offset_(offset), piece_bytes_(file.best_piece()) {}

  // How many bytes make a piece from here on. It ends where a page of the file does: a page that is written in two
  // parts costs more than a whole one, and of each piece that would be two.
  [[nodiscard]] std::size_t next_piece() const noexcept { return piece_from(offset_ + gathered_.size()); }

  // The bytes may be gone after the call.
  void append(std::span<const std::byte> bytes) {
    if (const std::size_t worth_a_call = piece_bytes_ / 4; bytes.size() < worth_a_call) return gather(bytes);
    flush();
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min(bytes.size(), next_piece()));
      write(piece);
      bytes = bytes.subspan(piece.size());
    }
  }

  void append_zeros(std::uint64_t count) {
    static constexpr std::byte zeros[256] = {};
    while (count > 0) {
      const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(count, sizeof zeros));
      append({zeros, piece});
      count -= piece;
    }
  }

  // Null at first, and whatever the sources put there.
  [[nodiscard]] core::detail::Own<SourceMemory>& source_memory() noexcept { return source_memory_; }

  // After flush(): goes on elsewhere.
  void move_to(std::uint64_t offset) noexcept { offset_ = offset; }

  void flush() {
    if (gathered_.empty()) return;
    write({gathered_.data(), gathered_.size()});
    gathered_.clear();
  }

 private:
  [[nodiscard]] std::size_t piece_from(std::uint64_t offset) const noexcept {
    constexpr std::uint64_t page = 4096;
    return piece_bytes_ - static_cast<std::size_t>(offset % page);
  }

  void gather(std::span<const std::byte> bytes) {
    if (gathered_.capacity() == 0) gathered_.reserve(piece_bytes_);
    const auto first = bytes.first(std::min(bytes.size(), piece_from(offset_) - gathered_.size()));
    gathered_.insert(gathered_.end(), first.data(), first.data() + first.size());
    if (gathered_.size() < piece_from(offset_)) return;
    flush();
    const auto rest = bytes.subspan(first.size());
    gathered_.insert(gathered_.end(), rest.data(), rest.data() + rest.size());
  }
  void write(std::span<const std::byte> bytes) {
    file_->write(offset_, bytes);
    offset_ += bytes.size();
  }

  io::WritableFile* file_;
  std::uint64_t offset_;
  std::size_t piece_bytes_;
  core::detail::Vec<std::byte> gathered_;
  core::detail::Own<SourceMemory> source_memory_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
