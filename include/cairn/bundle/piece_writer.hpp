// Puts tensors one behind the other into a data file: small ones gathered, large ones straight from their memory.
#pragma once

#include "../io/file_system.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cairn::detail {

// Writes a range of `file` from `offset` on. Several of them may write to their own ranges of one file at a time.
class PieceWriter {
 public:
  PieceWriter(io::WritableFile& file, std::uint64_t offset) : file_(&file), offset_(offset) {}

  // The bytes may be gone after the call.
  void append(std::span<const std::byte> bytes) {
    constexpr std::size_t worth_a_call = io::piece_bytes / 4;
    if (bytes.size() >= worth_a_call) {
      flush();
      for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), io::piece_bytes)))
        write(bytes.first(std::min(bytes.size(), io::piece_bytes)));
      return;
    }
    if (gathered_.size() + bytes.size() > io::piece_bytes) flush();
    if (gathered_.capacity() == 0) gathered_.reserve(io::piece_bytes);
    gathered_.insert(gathered_.end(), bytes.begin(), bytes.end());
  }

  void append_zeros(std::uint64_t count) {
    static constexpr std::array<std::byte, 256> zeros{};
    for (; count > 0; count -= std::min<std::uint64_t>(count, zeros.size()))
      append(std::span(zeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(count, zeros.size()))));
  }

  void flush() {
    if (gathered_.empty()) return;
    write(gathered_);
    gathered_.clear();
  }

 private:
  void write(std::span<const std::byte> bytes) {
    file_->write(offset_, bytes);
    offset_ += bytes.size();
  }

  io::WritableFile* file_;
  std::uint64_t offset_;
  std::vector<std::byte> gathered_;
};

}  // namespace cairn::detail
