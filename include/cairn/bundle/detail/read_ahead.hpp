// A file that is read from front to back, in small pieces, such as the tensors of a bundle that is copied: what is asked
// for behind what was asked for before is read with more behind it, twice as much each time up to a whole piece.
//
//   asked    | a | b | c | d | e | f | g | h | ...
//   read     | a | b c   | d e f g       | h ...
//
// What is asked for elsewhere is read alone, so that at most as many bytes are read in vain as were wanted.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../io/file_system.hpp"
#include "piece_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace CAIRN_NAMESPACE::bundle::detail {

// It belongs to one thread, and is a file only for those who read from one.
class ReadAhead final : public io::ReadableFile, public SourceMemory {
 public:
  // Reads from this file from now on, which must live as long as it is read from.
  void use(const io::ReadableFile& file) {
    if (file_ == &file) return;
    file_ = &file;
    window_ = {};
    end_ = last_ = 0;
  }

  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] std::size_t best_piece() const noexcept override { return file_->best_piece(); }
  // Throws what the file's read() throws.
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset >= begin() && offset < end_) {
      const auto skipped = static_cast<std::size_t>(offset - begin());
      const std::size_t size = std::min(out.size(), window_.size() - skipped);
      std::memcpy(out.data(), window_.data() + skipped, size);
      offset += size;
      out = out.subspan(size);
    }
    if (out.empty()) return;
    const std::size_t most = file_->best_piece();
    const bool goes_on = offset >= end_ && offset - end_ <= most / 128;  // a gap as small is read along
    const std::size_t ahead = goes_on ? std::min(2 * last_, most) : 0;
    const auto size = static_cast<std::size_t>(
        std::max<std::uint64_t>(out.size(), std::min<std::uint64_t>(ahead, file_->size() - offset)));
    window_.clear();
    end_ = offset + size;
    last_ = size;
    if (size == out.size()) return file_->read(offset, out);
    window_.resize(size);
    try {
      file_->read(offset, {window_.data(), size});
    } catch (...) {
      window_.clear();
      throw;
    }
    std::memcpy(out.data(), window_.data(), out.size());
  }

 private:
  [[nodiscard]] std::uint64_t begin() const noexcept { return end_ - window_.size(); }

  const io::ReadableFile* file_ = nullptr;
  mutable core::detail::Vec<std::byte> window_;  // the bytes before end_; none where they went to whoever asked
  mutable std::uint64_t end_ = 0;                // of what was read last
  mutable std::size_t last_ = 0;                 // how much that was
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
