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

namespace cairn::bundle::detail {

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

  // The block's contents, in the file or uncompressed into `buffer`. Throws Error (data_loss).
  [[nodiscard]] std::string_view open_block(const format::BlockHandle& handle, std::string& buffer) const {
    const std::string_view sealed = std::string_view(bytes_).substr(
        static_cast<std::size_t>(handle.offset), static_cast<std::size_t>(handle.size) + format::block_trailer_size);
    format::ByteReader reader(sealed, path_, handle.offset);
    const std::string_view contents = reader.read_bytes(handle.size);
    const auto type = static_cast<format::Compression>(reader.read_bytes(1)[0]);
    const std::uint32_t expected = reader.read_fixed32();
    if (format::block_checksum(contents, type) != expected)
      format::ByteReader(contents, path_, handle.offset)
          .fail("the checksum of the block of " + std::to_string(handle.size) +
                " bytes is wrong; the file was changed after it was written");
    if (type == format::Compression::none) return contents;
    if (type != format::Compression::snappy)
      reader.fail("a block has compression " + std::to_string(static_cast<unsigned>(type)) + ", which is not known");
    buffer = format::snappy_uncompress(contents, path_);
    return buffer;
  }

  // Footer, metaindex block and index block: where the data blocks are.
  void find_blocks() {
    try {
      if (bytes_.size() < format::table_footer_size)
        format::ByteReader(bytes_, path_)
            .fail("it has " + std::to_string(bytes_.size()) + " bytes, fewer than the 48 that end every index");
      const std::uint64_t limit = bytes_.size() - format::table_footer_size;
      const std::string_view footer = std::string_view(bytes_).substr(static_cast<std::size_t>(limit));
      format::ByteReader magic(footer.substr(footer.size() - 8), path_, bytes_.size() - 8);
      if (magic.read_fixed64() != format::table_magic)
        magic.fail("its last eight bytes are not those of an index; the file was cut, or is something else");
      format::ByteReader handles(footer.substr(0, footer.size() - 8), path_, limit);
      const auto metaindex = read_metaindex(handles, limit);
      const std::string_view behind = handles.bytes().substr(handles.position());
      const format::BlockHandle index = format::read_handle(handles, limit);
      // Behind the metaindex block's handle stands the index block's, then zeros: with as many bytes as it takes.
      std::string expected;
      format::append_handle(expected, index);
      expected.resize(std::max(expected.size(), behind.size()), '\0');
      if (expected != behind)
        note(limit, {}, "the footer of \"" + path_ + "\" has other bytes behind its handles than zeros");
      std::string buffer;
      const std::string_view contents = open_block(index, buffer);
      read_handles(contents, index, limit, buffer.empty());
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

  void read_handles(std::string_view contents, const format::BlockHandle& index, std::uint64_t limit, bool in_file) {
    std::uint64_t free_from = 0;
    const auto visit = [&](std::string_view last_key, std::string_view value) {
      const auto at = in_file ? static_cast<std::uint64_t>(value.data() - bytes_.data()) : index.offset;
      try {
        budget_.take(1, last_key.size());
        format::ByteReader reader(value, path_, at);
        const format::BlockHandle handle = format::read_handle(reader, limit);
        const std::uint64_t end = handle.offset + handle.size + format::block_trailer_size;
        if (handle.offset < free_from) reader.fail("it points to a block that overlaps the block before it");
        if (end > index.offset && handle.offset < index.offset + index.size + format::block_trailer_size)
          reader.fail("it points to a block that overlaps the index block");
        free_from = end;
        std::string buffer;
        static_cast<void>(open_block(handle, buffer));
        blocks_.push_back({handle, std::string(last_key)});
      } catch (const Error& error) {
        note_unreadable(error);
      }
    };
    format::Block(contents, path_, index.offset).for_each(visit);
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
    std::uint64_t key_bytes = 0;
    std::string buffer;
    for (const FoundBlock& block : blocks_) {
      try {
        format::Block(open_block(block.handle, buffer), path_, block.handle.offset)
            .for_each([&](std::string_view key, std::string_view) {
              ++count;
              key_bytes += key.size();
            });
      } catch (const Error&) {}  // read_block tells it
    }
    try {
      budget_.take(count, key_bytes);
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
      bundle::Entry entry = entry_of_message(format::decode_bundle_entry(value));
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

}  // namespace cairn::bundle::detail
