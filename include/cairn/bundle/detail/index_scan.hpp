// Reads as much of a damaged .index as can be read. Where read_index throws at the first problem, this notes it and
// goes on with the next block: a table's blocks are sealed one by one.
//
//   data blocks, metaindex block, index block, footer (format/table_format.hpp)  ->  entries + findings
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/block.hpp"
#include "../../format/snappy.hpp"
#include "../../format/table.hpp"
#include "../../format/table_format.hpp"
#include "../finding.hpp"
#include "../index.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

class IndexScan {
 public:
  // Takes the whole file. Both references must outlive it.
  IndexScan(std::string bytes, const std::string& path, Findings& findings)
      : bytes_(std::move(bytes)), path_(path), findings_(findings), budget_(bytes_.size()) {
    find_blocks();
    count_entries();
    for (const FoundBlock& block : blocks_) read_block(block);
    if (!has_header_ && is_complete_)
      note(std::nullopt, {}, "\"" + path_ + "\" has no header under the empty key: it is no checkpoint's index");
    bytes_ = {};
    sort_entries(index_.entries);
    index_.slices = take_slices(index_.entries);
  }

  // False when something could not be read, so that a key that is missing proves nothing.
  [[nodiscard]] bool is_complete() const noexcept { return is_complete_; }
  [[nodiscard]] bool has_header() const noexcept { return has_header_; }
  [[nodiscard]] bundle::Index& index() noexcept { return index_; }

 private:
  struct FoundBlock {
    format::BlockHandle handle;
    std::string last_key;  // the block's key in the index block
  };

  void note(std::optional<std::uint64_t> offset, std::string key, const std::string& problem) {
    findings_.add(path_, offset, std::move(key), problem);
  }
  void note_unreadable(const Error& error) {
    findings_.add(error, path_);
    is_complete_ = false;
  }

  [[nodiscard]] std::string_view open_block(const format::BlockHandle& handle, std::string& buffer) const {
    return format::detail::open_block(bytes_, 0, handle, path_, buffer);
  }

  // Footer, metaindex block and index block: where the data blocks are.
  void find_blocks() {
    try {
      format::ByteReader footer = format::detail::open_footer(bytes_, bytes_.size(), path_);
      const std::uint64_t limit = footer.offset();
      const auto metaindex = read_metaindex(footer, limit);
      const std::string_view behind = footer.bytes().substr(footer.position());
      const format::BlockHandle index = format::read_handle(footer, limit);
      // Behind the metaindex block's handle stands the index block's, then zeros: with as many bytes as it takes.
      std::string expected;
      format::append_handle(expected, index);
      expected.resize(std::max(expected.size(), behind.size()), '\0');
      if (expected != behind)
        note(limit, {}, "the footer of \"" + path_ + "\" has other bytes behind its handles than zeros");
      read_handles(index);
      if (metaindex && is_complete_) note_gaps(*metaindex, index, limit);
    } catch (const Error& error) {
      note_unreadable(error);
    }
  }

  // Nobody reads the metaindex block, so that damage in it costs no tensor; it is told all the same.
  // nullopt when it is not where it should be.
  [[nodiscard]] std::optional<format::BlockHandle> read_metaindex(format::ByteReader& handles, std::uint64_t limit) {
    try {
      const format::BlockHandle metaindex = format::read_handle(handles, limit);
      std::string buffer;
      format::Block(open_block(metaindex, buffer), path_, metaindex.offset)
          .for_each([](std::string_view, std::string_view) {});
      return metaindex;
    } catch (const Error& error) {
      findings_.add(error, path_);
      return std::nullopt;
    }
  }

  void read_handles(const format::BlockHandle& index) {
    std::string buffer;
    for (format::detail::BlockList rows(bytes_, 0, index, bytes_.size(), path_); rows.next();) {
      try {
        budget_.take(1, rows.last_key().size(), 0);
        const format::BlockHandle handle = rows.handle();
        static_cast<void>(open_block(handle, buffer));
        blocks_.push_back({handle, std::string(rows.last_key())});
      } catch (const Error& error) {
        note_unreadable(error);
      }
    }
  }

  // Bytes before, between and behind the blocks: there are none.
  void note_gaps(const format::BlockHandle& metaindex, const format::BlockHandle& index, std::uint64_t limit) {
    core::detail::Vec<format::BlockHandle> all{metaindex, index};
    for (const FoundBlock& block : blocks_) all.push_back(block.handle);
    core::detail::sort(all,
                       [](const format::BlockHandle& a, const format::BlockHandle& b) { return a.offset < b.offset; });
    all.push_back({limit, 0});
    std::uint64_t end = 0;
    for (const format::BlockHandle& block : all) {
      if (block.offset > end)
        note(end, {},
             "\"" + path_ + "\" has " + std::to_string(block.offset - end) +
                 " bytes that belong to no block; the file was changed after it was written");
      end = std::max(end, block.offset + block.size + format::block_trailer_size);
    }
  }

  void count_entries() {
    std::size_t count = 0;
    std::uint64_t key_bytes = 0, value_bytes = 0;
    std::string buffer;
    for (const FoundBlock& block : blocks_) {
      try {
        format::Block(open_block(block.handle, buffer), path_, block.handle.offset)
            .for_each([&](std::string_view key, std::string_view value) {
              ++count;
              key_bytes += key.size();
              value_bytes += value.size();
            });
      } catch (const Error&) {}  // read_block tells it
    }
    try {
      budget_.take(count, key_bytes, value_bytes);
      index_.entries.reserve(count);
    } catch (const Error& error) {
      is_too_large_ = true;
      note_unreadable(error);
    }
  }

  void read_block(const FoundBlock& block) {
    std::string buffer;
    try {
      const std::string_view contents = open_block(block.handle, buffer);
      const bool in_file = buffer.empty();
      bool first = true;
      format::Block(contents, path_, block.handle.offset).for_each([&](std::string_view key, std::string_view value) {
        const auto at = in_file ? static_cast<std::uint64_t>(value.data() - bytes_.data()) : block.handle.offset;
        if (std::exchange(first, false) && &block != &blocks_.front() && key <= low_)
          note(block.handle.offset, std::string(key),
               "a block of \"" + path_ + "\" begins with a key that belongs to an earlier one");
        if (key > block.last_key)
          note(at, std::string(key), "a block of \"" + path_ + "\" holds a key that belongs to a later one");
        if (is_too_large_) return;
        if (key.empty())
          read_header(value, at);
        else
          read_entry(key, value, at, in_file);
      });
    } catch (const Error& error) {
      note_unreadable(error);
    }
    low_ = block.last_key;
  }

  void read_header(std::string_view value, std::uint64_t at) {
    has_header_ = true;
    try {
      format::BundleHeader header = format::decode_bundle_header(value);
      index_.unused_bytes = std::move(header.unused_bytes);
      index_.num_shards = header.num_shards;
      index_.big_endian = is_big_endian(header);
      if (header.version) require_readable_version(*header.version);
    } catch (const Error& error) {
      is_complete_ = false;
      note(at, {}, "the header of \"" + path_ + "\": " + error.what());
    }
  }

  void read_entry(std::string_view key, std::string_view value, std::uint64_t at, bool in_file) {
    try {
      bundle::Entry entry = format::decode_bundle_entry(value);
      budget_.take(entry);
      index_.entries.push_back({std::string(key), std::move(entry)});
    } catch (const Error& error) {
      is_complete_ = false;
      note(in_file ? at + error.offset().value_or(0) : at, std::string(key),
           "the entry of \"" + std::string(key) + "\" in \"" + path_ + "\" cannot be read: " + error.what());
    }
  }

  std::string bytes_;
  const std::string& path_;
  Findings& findings_;
  EntryBudget budget_;
  core::detail::Vec<FoundBlock> blocks_;
  std::string low_;
  bundle::Index index_;
  bool is_complete_ = true;
  bool is_too_large_ = false;
  bool has_header_ = false;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
