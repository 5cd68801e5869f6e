// An index that stays on the disk: a table of which single blocks are read.
//
//   footer, index block  ->  when it is opened
//   any other block      ->  when a key is asked for that must be in it
#pragma once

#include "../../core/error.hpp"
#include "../../format/table.hpp"
#include "../../io/file_system.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

// A table on the disk, of which blocks are read when they are asked for. The path must outlive it.
class TableFile {
 public:
  // Reads the footer and the index block; with one call where the index block lies near the end, as it does. Throws
  // Error with ErrorCode::data_loss for damage, and the codes of a failing disk.
  TableFile(const io::ReadableFile& file, const std::string& path) : file_(file), path_(path) {
    const std::uint64_t usual_end = file.best_piece() / 32;
    const std::uint64_t size = file.size(), begin = size - std::min(size, usual_end);
    const std::string end = read(begin, size - begin);
    index_ = format::detail::find_index_block(end, size, path);
    const std::uint64_t sealed_bytes = index_.size + format::block_trailer_size;
    index_block_ = index_.offset >= begin ? end.substr(static_cast<std::size_t>(index_.offset - begin),
                                                       static_cast<std::size_t>(sealed_bytes))
                                          : read(index_.offset, sealed_bytes);
  }

  // Returns a reader that stands before the first entry. There is one at a time.
  [[nodiscard]] format::TableReader entries() {
    return {index_block_, index_, file_.size(), &sealed_block, this, path_};
  }
  // Reads the whole file.
  [[nodiscard]] std::string whole() const { return read(0, file_.size()); }
  // How many bytes of blocks were read, and how many were looked through.
  [[nodiscard]] std::uint64_t block_bytes() const noexcept { return block_bytes_; }
  [[nodiscard]] std::uint64_t passed_bytes() const noexcept { return passed_bytes_; }

 private:
  [[nodiscard]] std::string read(std::uint64_t offset, std::uint64_t size, std::size_t unused = 0) const {
    std::string bytes(static_cast<std::size_t>(size) + unused, '\0');
    file_.read(offset, std::as_writable_bytes(std::span(bytes).subspan(unused)));
    return bytes;
  }
  // The block that was read last is read once: keys that are asked for together are often near each other.
  [[nodiscard]] static std::string_view sealed_block(void* source, const format::BlockHandle& handle) {
    constexpr std::size_t unused = 64;  // away from where the first block is copied slowly (io/detail/slow_copy.hpp)
    auto& table = *static_cast<TableFile*>(source);
    if (table.block_.empty() || handle.offset != table.at_) {
      table.block_ = {};
      table.block_ = table.read(handle.offset, handle.size + format::block_trailer_size, unused);
      table.at_ = handle.offset;
      table.block_bytes_ += table.block_.size();
    }
    table.passed_bytes_ += table.block_.size();
    return std::string_view(table.block_).substr(unused);
  }

  const io::ReadableFile& file_;
  const std::string& path_;
  format::BlockHandle index_;
  std::string index_block_;
  std::string block_;     // the last one
  std::uint64_t at_ = 0;  // where it begins
  std::uint64_t block_bytes_ = 0, passed_bytes_ = 0;
};

template <class Work>
auto naming_file(const std::string& path, const Work& work) {
  try {
    return work();
  } catch (Error& error) {
    error.in_file(path);
    throw;
  }
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
