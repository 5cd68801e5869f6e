// Table: reads a table, the form of the .index file (table_format.hpp draws it). All of it is checked before any entry
// is visited.
//
//   const Table table(bytes_of_the_file, "model.index");
//   table.for_each([](std::string_view key, std::string_view value) { ... });
#pragma once

#include "../core/detail/vec.hpp"
#include "block.hpp"
#include "snappy.hpp"
#include "table_format.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::format {

// A checked table. It owns the bytes of the file.
class Table {
 public:
  // A key is stored without the beginning that it shares with the one before, so a small file can spell out very many
  // bytes of keys. A writer that sets a restart point every 16 keys stays below 16 times the file. Keys of more than
  // max_key_expansion times the file and max_free_key_bytes are refused.
  static constexpr std::uint64_t max_key_expansion = 16;
  static constexpr std::uint64_t max_free_key_bytes = std::uint64_t{16} << 20;
  // Compressed blocks are held uncompressed. Together they may have max_expansion times the bytes of the file and
  // max_free_uncompressed_bytes; the index of a model from the years of compression is far below the second number.
  static constexpr std::uint64_t max_expansion = 3;
  static constexpr std::uint64_t max_free_uncompressed_bytes = std::uint64_t{32} << 20;

  // Takes the whole file and checks it: every checksum is right, every block lies inside the file and is listed once,
  // and the keys are strictly increasing, so that for_each() does not throw. The metaindex block and the padding of the
  // footer are not read; they hold no information. Throws Error with ErrorCode::data_loss, with the name of the file
  // and the byte offset, when any of that is not so.
  explicit Table(std::string bytes, std::string file_name = "the index")
      : bytes_(std::move(bytes)), file_name_(std::move(file_name)) {
    try {
      read_blocks();
      check_entries();
    } catch (Error& error) {
      error.in_file(file_name_);
      throw;
    }
  }

  // Calls visit(key, value) for every entry, in order. The key is valid during the call, the value until the table is
  // destroyed, moved or assigned to. Several threads may call it at the same time.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const DataBlock& data : blocks_) block(data).for_each(visit);
  }

  // Returns the number of entries.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // Returns the number of bytes of all keys together, which a list of them needs.
  [[nodiscard]] std::uint64_t key_bytes() const noexcept { return key_bytes_; }
  [[nodiscard]] const std::string& file_name() const noexcept { return file_name_; }

 private:
  struct DataBlock {
    BlockHandle handle;
    // A key that is not below the last key of the block: the block's key in the index block.
    std::string last_key;
    std::optional<std::string> uncompressed;  // nullopt for a block that is not compressed
  };

  [[nodiscard]] std::string_view stored(const BlockHandle& handle) const noexcept {
    return std::string_view(bytes_).substr(static_cast<std::size_t>(handle.offset),
                                           static_cast<std::size_t>(handle.size));
  }

  [[nodiscard]] Block block(const DataBlock& data) const {
    if (data.uncompressed) return Block(*data.uncompressed, file_name_, data.handle.offset);
    return Block(stored(data.handle), file_name_, data.handle.offset);
  }

  // Checks the trailer behind the block. Returns the contents of a compressed block, nullopt for any other.
  [[nodiscard]] std::optional<std::string> open_block(const BlockHandle& handle) const {
    const BlockHandle with_trailer{handle.offset, handle.size + block_trailer_size};
    ByteReader reader(stored(with_trailer), file_name_, handle.offset);
    const std::string_view contents = reader.read_bytes(handle.size);
    const auto type = static_cast<Compression>(reader.read_bytes(1)[0]);
    const std::uint32_t expected = reader.read_fixed32();
    if (block_checksum(contents, type) != expected)
      ByteReader(contents, file_name_, handle.offset)
          .fail("the checksum of the block of " + std::to_string(handle.size) + " bytes is wrong; the file was " +
                "changed after it was written");
    if (type == Compression::none) return std::nullopt;
    if (type != Compression::snappy)
      reader.fail("a block has compression " + std::to_string(static_cast<unsigned>(type)) + ", which is not known");
    const std::string subject = file_name_ + " (its compressed block at byte " + std::to_string(handle.offset) + ")";
    return snappy_uncompress(contents, subject);
  }

  void read_blocks() {
    if (bytes_.size() < table_footer_size)
      ByteReader(bytes_, file_name_)
          .fail("it has " + std::to_string(bytes_.size()) + " bytes, fewer than the 48 that end every index");
    const std::uint64_t limit = bytes_.size() - table_footer_size;
    ByteReader footer(std::string_view(bytes_).substr(static_cast<std::size_t>(limit)), file_name_, limit);
    ByteReader magic(std::string_view(bytes_).substr(bytes_.size() - 8), file_name_, bytes_.size() - 8);
    if (magic.read_fixed64() != table_magic)
      magic.fail("its last eight bytes are not those of an index; the file was cut, or is something else");
    static_cast<void>(footer.read_varint64());  // the metaindex block's handle
    static_cast<void>(footer.read_varint64());
    DataBlock index;
    index.handle = read_handle(footer, limit);
    index.uncompressed = open_block(index.handle);
    std::uint64_t free_from = 0;
    std::uint64_t uncompressed_bytes = 0;
    block(index).for_each([&](std::string_view last_key, std::string_view value) {
      const auto at =
          index.uncompressed ? index.handle.offset : static_cast<std::uint64_t>(value.data() - bytes_.data());
      ByteReader reader(value, file_name_, at);
      const BlockHandle handle = read_handle(reader, limit);
      const std::uint64_t end = handle.offset + handle.size + block_trailer_size;
      if (handle.offset < free_from) reader.fail("it points to a block that overlaps the block before it");
      if (end > index.handle.offset && handle.offset < index.handle.offset + index.handle.size + block_trailer_size)
        reader.fail("it points to a block that overlaps the index block");
      free_from = end;
      blocks_.push_back({handle, std::string(last_key), open_block(handle)});
      uncompressed_bytes += blocks_.back().uncompressed ? blocks_.back().uncompressed->size() : 0;
      if (uncompressed_bytes > max_free_uncompressed_bytes + max_expansion * bytes_.size())
        reader.fail("the compressed blocks up to there hold more than " + std::to_string(uncompressed_bytes) +
                    " bytes, many times those of the file, which no writer of checkpoints does");
      add_key_bytes(last_key.size());
    });
  }

  void check_entries() {
    std::string_view low;  // the key of the block before in the index block; all keys of this block are greater
    for (const DataBlock& data : blocks_) {
      const ByteReader here(std::string_view(), file_name_, data.handle.offset);
      const bool first_block = &data == &blocks_.front();
      bool first = true;
      block(data).for_each([&](std::string_view key, std::string_view) {
        if (first && !first_block && key <= low) here.fail("a block begins with a key that belongs to an earlier one");
        if (key > data.last_key) here.fail("a block holds a key that belongs to a later one");
        first = false;
        ++size_;
        add_key_bytes(key.size());
      });
      low = data.last_key;
    }
  }

  void add_key_bytes(std::uint64_t size) {
    key_bytes_ += size;
    if (key_bytes_ > max_free_key_bytes + max_key_expansion * bytes_.size())
      throw Error(ErrorCode::data_loss, file_name_ + " is damaged: its keys take more than " +
                                            std::to_string(max_key_expansion) +
                                            " times the bytes of the file, which no writer of checkpoints does");
  }

  std::string bytes_;
  std::string file_name_;
  core::detail::Vec<DataBlock> blocks_;
  std::size_t size_ = 0;
  std::uint64_t key_bytes_ = 0;
};

}  // namespace cairn::format
