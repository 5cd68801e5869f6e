// Table: reads a table, the form of the .index file (table_format.hpp draws it). All of it is checked before any entry
// is visited.
//
//   const Table table(bytes_of_the_file, "model.index");
//   table.for_each([](std::string_view key, std::string_view value) { ... });
//
// A Table is made of a TableReader, which goes over the entries once and checks each block that it reads. A TableReader
// holds one block of the file at a time, and finds an entry of a large table by two reads.
#pragma once

#include "block.hpp"
#include "snappy.hpp"
#include "table_format.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::format {

namespace detail {

// Returns the contents of a block, of whose trailer the checksum is compared: in `bytes`, which are those of the file
// from `begin` on and have all of the block, or uncompressed in `buffer`, which is empty otherwise. `handle` comes from
// read_handle. Throws Error with ErrorCode::data_loss.
[[nodiscard]] CAIRN_COLD inline std::string_view open_block(std::string_view bytes, std::uint64_t begin,
                                                            const BlockHandle& handle, std::string_view file_name,
                                                            std::string& buffer) {
  const std::string_view sealed = bytes.substr(static_cast<std::size_t>(handle.offset - begin),
                                               static_cast<std::size_t>(handle.size) + block_trailer_size);
  ByteReader reader(sealed, file_name, handle.offset);
  const std::string_view contents = reader.read_bytes(handle.size);
  const auto type = static_cast<Compression>(reader.read_bytes(1)[0]);
  if (block_checksum(contents, type) != reader.read_fixed32())
    ByteReader(contents, file_name, handle.offset)
        .fail({"the checksum of the block of ", handle.size,
               " bytes is wrong; the file was changed after it was written"});
  buffer.clear();
  if (type == Compression::none) return contents;
  if (type != Compression::snappy)
    reader.fail({"a block has compression ", static_cast<unsigned>(type), ", which is not known"});
  buffer = snappy_uncompress(
      contents, core::detail::sentence_of({file_name, " (its compressed block at byte ", handle.offset, ")"}));
  return buffer;
}

// Returns a reader of the footer, which stands at the first handle. `end` is the end of a file of `file_bytes` bytes, or
// all of it. Throws Error with ErrorCode::data_loss for bytes that do not end as a table does.
[[nodiscard]] CAIRN_COLD inline ByteReader open_footer(std::string_view end, std::uint64_t file_bytes,
                                                       std::string_view file_name) {
  if (end.size() < table_footer_size)
    ByteReader(end, file_name).fail({"it has ", file_bytes, " bytes, fewer than the 48 that end every index"});
  ByteReader magic(end.substr(end.size() - 8), file_name, file_bytes - 8);
  if (magic.read_fixed64() != table_magic)
    magic.fail("its last eight bytes are not those of an index; the file was cut, or is something else");
  return ByteReader(end.substr(end.size() - table_footer_size, table_footer_size - 8), file_name,
                    file_bytes - table_footer_size);
}
// Returns the place of the index block. Throws Error with ErrorCode::data_loss as open_footer does.
[[nodiscard]] CAIRN_COLD inline BlockHandle find_index_block(std::string_view end, std::uint64_t file_bytes,
                                                             std::string_view file_name) {
  ByteReader footer = open_footer(end, file_bytes, file_name);
  const std::uint64_t limit = footer.offset();
  static_cast<void>(footer.read_varint64()), static_cast<void>(footer.read_varint64());  // the metaindex block's handle
  return read_handle(footer, limit);
}

// The blocks that hold keys and values, in the order in which the index block lists them.
class BlockList {
 public:
  // `bytes` are those from `begin` on of a file of `file_bytes` bytes, and have all of the index block. Neither they nor
  // the name is copied. Throws Error with ErrorCode::data_loss for a damaged index block.
  BlockList(std::string_view bytes, std::uint64_t begin, const BlockHandle& index, std::uint64_t file_bytes,
            std::string_view file_name)
      : bytes_(bytes), begin_(begin), file_bytes_(file_bytes), file_name_(file_name), index_(index) {
    const std::string_view contents = open_block(bytes, begin, index, file_name, buffer_);
    rows_ = Block(contents, file_name, index.offset);
  }
  BlockList(const BlockList&) = delete;
  BlockList& operator=(const BlockList&) = delete;

  // Goes to the next row of the index block; returns false at the end. Throws Error with ErrorCode::data_loss.
  [[nodiscard]] bool next() { return rows_.next(); }
  // The key of the present row: all keys of the block are up to it, and above that of the row before.
  [[nodiscard]] std::string_view last_key() const noexcept { return rows_.key(); }
  // Returns the place of the present row's block. It is called once for a row, in order. Throws Error with
  // ErrorCode::data_loss for a block that is not inside the file, or overlaps the one before or the index block.
  [[nodiscard]] BlockHandle handle() {
    ByteReader reader = value();
    const BlockHandle handle = read_handle(reader, file_bytes_ - table_footer_size);
    const std::uint64_t end = handle.offset + handle.size + block_trailer_size;
    if (handle.offset < free_from_) reader.fail("it points to a block that overlaps the block before it");
    if (end > index_.offset && handle.offset < index_.offset + index_.size + block_trailer_size)
      reader.fail("it points to a block that overlaps the index block");
    free_from_ = end;
    return handle;
  }
  // Throws Error with ErrorCode::data_loss behind the handle of the present row.
  [[noreturn]] void fail(std::initializer_list<core::detail::Words> problem) const {
    ByteReader reader = value();
    static_cast<void>(reader.read_varint64()), static_cast<void>(reader.read_varint64());
    reader.fail(problem);
  }

 private:
  [[nodiscard]] ByteReader value() const {
    const std::string_view value = rows_.value();
    return ByteReader(
        value, file_name_,
        buffer_.empty() ? begin_ + static_cast<std::uint64_t>(value.data() - bytes_.data()) : index_.offset);
  }

  std::string_view bytes_;
  std::uint64_t begin_;
  std::uint64_t file_bytes_;
  std::string_view file_name_;
  BlockHandle index_;
  std::string buffer_;  // the index block, where it is compressed
  Block rows_;
  std::uint64_t free_from_ = 0;
};

}  // namespace detail

// Reads the entries of a table, once and in order. It checks what it reads: the checksums of the blocks are right,
// every block lies inside the file and is listed once, and the keys are strictly increasing. The metaindex block and the
// padding of the footer are not read; they hold no information. A TableReader belongs to one thread.
class TableReader {
 public:
  // A key is stored without the beginning that it shares with the one before, so a small file can spell out very many
  // bytes of keys. A writer that sets a restart point every 16 keys stays below 16 times the file. Keys of more than
  // max_key_expansion times the file and max_free_key_bytes are refused.
  static constexpr std::uint64_t max_key_expansion = 16;
  static constexpr std::uint64_t max_free_key_bytes = std::uint64_t{16} << 20;
  // Compressed blocks may have, uncompressed and together, max_expansion times the bytes of the file and
  // max_free_uncompressed_bytes; the index of a model from the years of compression is far below the second number.
  static constexpr std::uint64_t max_expansion = 3;
  static constexpr std::uint64_t max_free_uncompressed_bytes = std::uint64_t{32} << 20;

  // Neither the file nor its name is copied. Throws Error with ErrorCode::data_loss, with the byte offset, for a
  // damaged footer or index block.
  explicit TableReader(std::string_view file, std::string_view file_name = "the index")
      : file_(file),
        file_bytes_(file.size()),
        file_name_(file_name),
        index_(detail::find_index_block(file, file.size(), file_name)),
        blocks_(file, 0, index_, file.size(), file_name) {}
  // Returns the bytes of a block with its trailer. They stay as they are until the next block is asked for.
  using ReadBlock = std::string_view (*)(void* source, const BlockHandle& handle);
  // For a file that is not in memory: `index_block` is the block, with its trailer, that detail::find_index_block() has
  // found, and `read` reads the others. Nothing of it is copied. Throws Error with ErrorCode::data_loss for a damaged
  // index block.
  TableReader(std::string_view index_block, const BlockHandle& index, std::uint64_t file_bytes, ReadBlock read,
              void* source, std::string_view file_name)
      : file_bytes_(file_bytes),
        file_name_(file_name),
        read_(read),
        source_(source),
        index_(index),
        blocks_(index_block, index.offset, index, file_bytes, file_name) {}

  // Goes to the next entry; returns false at the end. Throws Error with ErrorCode::data_loss, with the byte offset, for
  // damage.
  [[nodiscard]] bool next() {
    while (!entries_.next())
      if (!open_next()) return false;
    const bool is_early = is_first_ && has_low_ && key() <= low_;
    if (is_early || key() > blocks_.last_key())
      ByteReader(std::string_view(), file_name_, block_.offset)
          .fail(is_early ? "a block begins with a key that belongs to an earlier one"
                         : "a block holds a key that belongs to a later one");
    is_first_ = false;
    add_key_bytes(key().size());
    return true;
  }
  // Goes ahead to the first entry whose key is not before `wanted`, and reads no block whose keys are all before it;
  // returns false when there is no such entry. It is called before next(). Throws Error with ErrorCode::data_loss as next() does.
  [[nodiscard]] bool seek(std::string_view wanted) {
    wanted_ = wanted;
    bool is_found = false;
    while (!is_found && next()) is_found = key() >= wanted;
    wanted_ = {};
    return is_found;
  }
  // The present entry, valid until the next call of next().
  [[nodiscard]] std::string_view key() const noexcept { return entries_.key(); }
  [[nodiscard]] std::string_view value() const noexcept { return entries_.value(); }
  // Returns the place of the block that has the present entry.
  [[nodiscard]] const BlockHandle& block() const noexcept { return block_; }
  // Returns the number of bytes of all keys so far, those of the index block included.
  [[nodiscard]] std::uint64_t key_bytes() const noexcept { return key_bytes_; }

 private:
  [[nodiscard]] CAIRN_COLD bool open_next() {
    do {
      if (has_block_) low_ = blocks_.last_key();
      has_low_ = has_block_;
      if (!blocks_.next()) return false;
      block_ = blocks_.handle();
      has_block_ = true;
      add_key_bytes(blocks_.last_key().size());
    } while (blocks_.last_key() < wanted_);
    const std::string_view bytes = read_ == nullptr ? file_ : read_(source_, block_);
    entries_ = Block(detail::open_block(bytes, read_ == nullptr ? 0 : block_.offset, block_, file_name_, buffer_),
                     file_name_, block_.offset);
    is_first_ = true;
    uncompressed_bytes_ += buffer_.size();
    if (uncompressed_bytes_ > max_free_uncompressed_bytes + max_expansion * file_bytes_)
      blocks_.fail({"the compressed blocks up to there hold more than ", uncompressed_bytes_,
                    " bytes, many times those of the file, which no writer of checkpoints does"});
    return true;
  }
  void add_key_bytes(std::uint64_t size) {
    key_bytes_ += size;
    if (key_bytes_ > max_free_key_bytes + max_key_expansion * file_bytes_)
      core::detail::fail(ErrorCode::data_loss, {file_name_, " is damaged: its keys take more than ", max_key_expansion,
                                                " times the bytes of the file, which no writer of checkpoints does"});
  }

  std::string_view file_;  // where all of it is in memory
  std::uint64_t file_bytes_;
  std::string_view file_name_;
  ReadBlock read_ = nullptr;  // where it is not
  void* source_ = nullptr;
  BlockHandle index_;
  detail::BlockList blocks_;
  BlockHandle block_;  // the present one
  std::string buffer_;
  Block entries_;
  std::string_view wanted_;  // blocks whose keys are all before it are passed over
  std::string low_;          // the last key of the block before in the index block; all keys of this block are greater
  bool has_block_ = false, has_low_ = false, is_first_ = false;
  std::uint64_t uncompressed_bytes_ = 0;
  std::uint64_t key_bytes_ = 0;
};

// A checked table. It owns the bytes of the file.
class Table {
 public:
  // Takes the whole file and checks it, so that for_each() does not throw. Throws Error with ErrorCode::data_loss, with
  // the name of the file and the byte offset, for the damage that TableReader finds.
  explicit Table(std::string bytes, std::string file_name = "the index")
      : bytes_(std::move(bytes)), file_name_(std::move(file_name)) {
    try {
      TableReader entries(bytes_, file_name_);
      while (entries.next()) ++size_;
      key_bytes_ = entries.key_bytes();
    } catch (Error& error) {
      error.in_file(file_name_);
      throw;
    }
  }

  // Calls visit(key, value) for every entry, in order. Both are valid during the call. Several threads may call it at
  // the same time.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (TableReader entries(bytes_, file_name_); entries.next();) visit(entries.key(), entries.value());
  }

  // Returns the number of entries.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // Returns the number of bytes of all keys together, which a list of them needs.
  [[nodiscard]] std::uint64_t key_bytes() const noexcept { return key_bytes_; }
  [[nodiscard]] const std::string& file_name() const noexcept { return file_name_; }

 private:
  std::string bytes_;
  std::string file_name_;
  std::size_t size_ = 0;
  std::uint64_t key_bytes_ = 0;
};

}  // namespace CAIRN_NAMESPACE::format
