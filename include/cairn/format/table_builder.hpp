// TableBuilder: writes a table, the form of the .index file: every key with its value, sorted, in blocks.
//
//   TableBuilder builder;
//   builder.add("", header_bytes);
//   builder.add("x/.ATTRIBUTES/VARIABLE_VALUE", entry_bytes);
//   std::string file = builder.finish();
//
// The bytes are the ones that TensorFlow writes: its table builder is LevelDB's, with blocks of 256 KiB and without
// compression.
#pragma once

#include "../core/detail/vec.hpp"
#include "block_builder.hpp"
#include "table_format.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::format {

namespace detail {

// Returns a short key that is not below `last` and is below `next`, for last < next. It is their common beginning and
// the first different byte plus one, where that is still below `next`; otherwise it is `last`.
[[nodiscard]] inline std::string shortest_separator(std::string_view last, std::string_view next) {
  const auto ends = std::mismatch(last.begin(), last.end(), next.begin(), next.end());
  if (ends.first == last.end() || ends.second == next.end()) return std::string(last);
  const auto low = static_cast<std::uint8_t>(*ends.first);
  const auto high = static_cast<std::uint8_t>(*ends.second);
  if (low == 0xff || low + 1 >= high) return std::string(last);
  std::string separator(last.begin(), ends.first);
  separator.push_back(static_cast<char>(low + 1));
  return separator;
}

// Returns a short key that is not below `last`.
[[nodiscard]] inline std::string short_successor(std::string_view last) {
  for (std::size_t i = 0; i < last.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(last[i]);
    if (byte == 0xff) continue;
    std::string successor(last.substr(0, i));
    successor.push_back(static_cast<char>(byte + 1));
    return successor;
  }
  return std::string(last);
}

}  // namespace detail

// Collects entries and writes the file. A TableBuilder belongs to one thread.
class TableBuilder {
 public:
  // A block is closed when it has `block_size` bytes; every `restart_interval`-th key of a block is stored whole.
  explicit TableBuilder(std::size_t block_size = default_block_size, int restart_interval = default_restart_interval)
      : block_size_(block_size), data_(restart_interval), index_(1) {}

  // Adds an entry; keys must come sorted by their bytes. Throws Error with ErrorCode::already_exists for the key that
  // was added last, ErrorCode::invalid_argument for a key below it, and for a block that would grow beyond 4 GiB.
  // Nothing is added then.
  void add(std::string_view key, std::string_view value) {
    if (count_ > 0) {
      const int order = key.compare(data_.last_key());
      if (order == 0)
        core::detail::fail(ErrorCode::already_exists, {"the key \"", key, "\" is added to the index twice"},
                           {.key = key});
      if (order < 0)
        core::detail::fail(ErrorCode::invalid_argument,
                           {"the key \"", key, "\" is added to the index after \"", data_.last_key(),
                            "\"; keys must come sorted by their bytes"},
                           {.key = key});
      // An entry of twice a block's size stands in a block of its own.
      if (key.size() + value.size() >= 2 * block_size_) close_block();
    }
    if (open_handle_) {
      add_to_index(detail::shortest_separator(data_.last_key(), key));
      open_handle_ = false;
    }
    data_.add(key, value);
    value_end_ = taken_ + file_.size() + data_.entries_size();
    ++count_;
    if (data_.size() >= block_size_) close_block();
  }

  // Reserves memory for a file of `bytes` bytes.
  void reserve(std::size_t bytes) { file_.reserve(bytes); }

  // Returns the number of entries.
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  // Returns the offset in the file behind the value that was added last.
  [[nodiscard]] std::size_t value_end() const noexcept { return value_end_; }
  // Returns the blocks that hold keys and values; all of them after finish(). A byte and a checksum stand behind each
  // block in the file.
  [[nodiscard]] const core::detail::Vec<BlockHandle>& blocks() const noexcept { return blocks_; }

  // Returns the bytes of the complete blocks that were not taken yet; they are the next ones of the file. Who writes
  // them as they come holds one block in memory, and finish() returns the rest.
  [[nodiscard]] std::string take() {
    taken_ += file_.size();
    return std::exchange(file_, {});
  }
  // Returns the number of bytes that take() would return.
  [[nodiscard]] std::size_t complete_bytes() const noexcept { return file_.size(); }

  // Returns the whole file, or what of it was not taken. The builder cannot be used any more then.
  [[nodiscard]] std::string finish() {
    close_block();
    std::string footer;
    append_handle(footer, write_block(BlockBuilder(default_restart_interval).finish()));
    if (open_handle_) add_to_index(detail::short_successor(data_.last_key()));
    append_handle(footer, write_block(index_.finish()));
    footer.resize(table_footer_size - 8, '\0');
    append_fixed64(footer, table_magic);
    file_ += footer;
    return std::move(file_);
  }

 private:
  // A closed block waits for the next key, because its key in the index block shall be as short as that key allows.
  void close_block() {
    if (data_.empty()) return;
    handle_ = write_block(data_.finish());
    blocks_.push_back(handle_);
    open_handle_ = true;
  }

  void add_to_index(const std::string& key) {
    std::string value;
    append_handle(value, handle_);
    index_.add(key, value);
  }

  [[nodiscard]] BlockHandle write_block(const std::string& block) {
    const BlockHandle handle{taken_ + file_.size(), block.size()};
    file_ += block;
    file_.push_back(static_cast<char>(Compression::none));
    append_fixed32(file_, block_checksum(block, Compression::none));
    return handle;
  }

  std::size_t block_size_;
  BlockBuilder data_;
  BlockBuilder index_;
  std::string file_;       // behind what was taken
  std::size_t taken_ = 0;  // bytes
  std::size_t count_ = 0;
  std::size_t value_end_ = 0;
  core::detail::Vec<BlockHandle> blocks_;
  BlockHandle handle_;
  bool open_handle_ = false;
};

}  // namespace CAIRN_NAMESPACE::format
