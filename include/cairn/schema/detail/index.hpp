// StaticIndexFile: an index, the bundle's table of keys, in a constant expression. It has all keys, each with the place
// of its entry.
//
//   StaticIndexFile index(bytes);     // index.problem() says whether it could be read
//   index.entry(index.find(key))      // dtype and shape
//
// format/table_format.hpp draws the blocks, restart points and prefix-compressed keys. Blocks that are compressed with
// snappy are refused. Checksums are not computed: cairn_embed computes them, and so does every restore.
#pragma once

#include "../../core/dtype.hpp"
#include "block.hpp"
#include "bytes.hpp"
#include "growing_array.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace CAIRN_NAMESPACE::schema::detail {

// Dtype and shape of a tensor in a file.
struct StaticEntry {
  static constexpr std::size_t max_kept = 16;  // the extents that are kept and compared; no static type has more

  DType dtype = DT_INVALID;
  std::size_t rank = 0;
  std::array<std::int64_t, max_kept> extents{};
  std::int64_t offset = 0;
  std::int64_t size = 0;
  Problem problem = Problem::none;
};

// Decodes an entry, as format::decode_bundle_entry does. An unknown dtype and an extent below zero are problems.
[[nodiscard]] constexpr StaticEntry decode_static_entry(FileBytes bytes) noexcept {
  StaticEntry entry;
  const auto note = [&](Problem problem) {
    if (entry.problem == Problem::none) entry.problem = problem;
  };
  StaticFields fields(bytes);
  while (fields.next()) {
    if (fields.is_varint(1)) {
      entry.dtype = static_cast<DType>(static_cast<std::int32_t>(fields.number()));
    } else if (fields.is_bytes(2)) {
      StaticFields shape(fields.bytes());
      while (shape.next()) {
        if (!shape.is_bytes(2)) continue;
        std::int64_t extent = 0;
        StaticFields dim(shape.bytes());
        while (dim.next())
          if (dim.is_varint(1)) extent = dim.number();
        note(dim.problem());
        if (extent < 0) note(Problem::it_has_an_extent_below_zero);
        if (entry.rank < StaticEntry::max_kept) entry.extents[entry.rank] = extent;
        ++entry.rank;
      }
      note(shape.problem());
    } else if (fields.is_varint(4)) {
      entry.offset = fields.number();
    } else if (fields.is_varint(5)) {
      entry.size = fields.number();
    }
  }
  note(fields.problem());
  if (!is_known(entry.dtype)) note(Problem::it_has_a_dtype_that_does_not_exist);
  return entry;
}

// A key and its entry. The key is `rest` behind the first `shared` bytes of the key `owner`, an earlier one that has at
// least the last of these bytes in a `rest` of its own: nothing is copied.
struct StaticRecord {
  std::size_t shared = 0;
  FileBytes rest{};
  std::size_t owner = 0;
  FileBytes value{};

  [[nodiscard]] constexpr std::size_t key_size() const noexcept { return shared + rest.size; }
};

class StaticIndexFile {
 public:
  constexpr explicit StaticIndexFile(FileBytes file) : file_(without_literal_end(file)) { read(); }

  [[nodiscard]] constexpr Problem problem() const noexcept { return problem_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return records_.size(); }  // the header is none of them
  [[nodiscard]] constexpr const StaticRecord& record(std::size_t i) const noexcept { return records_[i]; }
  [[nodiscard]] constexpr StaticEntry entry(std::size_t i) const noexcept {
    return decode_static_entry(records_[i].value);
  }

  // The index of the record with this key; size() where there is none.
  [[nodiscard]] constexpr std::size_t find(FileBytes wanted) const noexcept {
    std::size_t low = 0;  // the last whole key that is not greater than `wanted`
    for (std::size_t high = whole_.size(); high - low > 1;) {
      const std::size_t middle = low + (high - low) / 2;
      if (is_less(wanted, records_[whole_[middle]].rest))
        high = middle;
      else
        low = middle;
    }
    const std::size_t end = low + 1 < whole_.size() ? whole_[low + 1] : size();
    for (std::size_t i = whole_.size() == 0 ? size() : whole_[low]; i < end; ++i)
      if (is_key(i, wanted)) return i;
    return size();
  }
  [[nodiscard]] constexpr unsigned char key_byte(std::size_t i, std::size_t position) const noexcept {
    while (records_[i].shared > position) i = records_[i].owner;
    return records_[i].rest.data[position - records_[i].shared];
  }
  [[nodiscard]] constexpr bool is_key(std::size_t i, FileBytes wanted) const noexcept {
    if (records_[i].key_size() != wanted.size) return false;
    for (std::size_t end = wanted.size;; i = records_[i].owner) {
      const std::size_t begin = records_[i].shared;
      if (compare_bytes(wanted.data + begin, records_[i].rest.data, end - begin) != 0) return false;
      if ((end = begin) == 0) return true;
    }
  }

 private:
  static constexpr std::size_t footer_size = 48, trailer_size = 5;

  // The file without the zero at the end of a string literal. The last byte of an index is never zero.
  [[nodiscard]] static constexpr FileBytes without_literal_end(FileBytes file) noexcept {
    if (file.size > footer_size && file.data[file.size - 1] == 0) --file.size;
    return file;
  }

  constexpr void note(Problem problem) noexcept {
    if (problem_ == Problem::none) problem_ = problem;
  }

  constexpr void read() {
    if (file_.size < footer_size) return note(Problem::it_has_fewer_than_48_bytes);
    const unsigned char* const magic = file_.data + file_.size - sizeof table_magic;
    for (std::size_t i = 0; i < sizeof table_magic; ++i)
      if (magic[i] != table_magic[i]) return note(Problem::its_last_8_bytes_are_not_those_of_an_index);
    StaticReader footer({file_.data + file_.size - footer_size, footer_size - sizeof table_magic});
    static_cast<void>(footer.read_varint());  // the metaindex block's handle
    static_cast<void>(footer.read_varint());
    StaticBlock index(block_at(footer));
    while (problem_ == Problem::none && index.next()) {
      StaticReader handle(index.value());
      StaticBlock block(block_at(handle));
      bool first = true;
      while (problem_ == Problem::none && block.next()) {
        add(block, first);
        first = false;
      }
      note(block.problem());
    }
    note(index.problem());
    if (problem_ == Problem::none && !has_header_) note(Problem::it_has_no_header);
  }
  static constexpr unsigned char table_magic[] = {0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb};

  [[nodiscard]] constexpr FileBytes block_at(StaticReader& handle) noexcept {
    const std::uint64_t offset = handle.read_varint();
    const std::uint64_t size = handle.read_varint();
    note(handle.problem());
    const std::uint64_t limit = file_.size - footer_size;
    if (limit < trailer_size || offset > limit - trailer_size || size > limit - trailer_size - offset) {
      note(Problem::it_points_outside_of_itself);
      return {};
    }
    const unsigned char* const block = file_.data + static_cast<std::size_t>(offset);
    if (block[size] != 0) note(Problem::it_is_compressed);
    return {block, static_cast<std::size_t>(size)};
  }

  constexpr void add(const StaticBlock& block, bool first) {
    if (block.shared() + block.rest().size == 0) return read_header(block.value());
    StaticRecord record{block.shared(), block.rest(), size(), block.value()};
    if (size() != 0) {
      if (first ? !is_greater_than_last(record.rest) : !continues_last(record))
        return note(Problem::it_has_keys_that_are_not_in_order);
    }
    if (record.shared == 0) whole_.push_back(size());
    records_.push_back(record);
    note(decode_static_entry(record.value).problem);
  }
  // Finds the owner, and whether the record is greater than the one before it in its block.
  [[nodiscard]] constexpr bool continues_last(StaticRecord& record) const noexcept {
    std::size_t i = size() - 1;
    while (records_[i].shared > record.shared) i = records_[i].owner;
    const std::size_t above = i;  // the record that has the byte of the last key which this record replaces
    record.owner = records_[i].shared == record.shared ? records_[i].owner : i;
    // The first byte nearly always tells which one is greater.
    const FileBytes there{records_[above].rest.data + (record.shared - records_[above].shared),
                          records_[above].rest.size - (record.shared - records_[above].shared)};
    if (there.size != 0 && record.rest.size != 0 && there.data[0] != record.rest.data[0])
      return there.data[0] < record.rest.data[0];
    return is_greater_than_last(record);
  }

  [[nodiscard]] constexpr bool is_greater_than_last(FileBytes rest) const noexcept {
    return is_greater_than_last(StaticRecord{0, rest, 0, {}});
  }
  [[nodiscard]] constexpr bool is_greater_than_last(const StaticRecord& record) const noexcept {
    const std::size_t last_size = records_[size() - 1].key_size();
    for (std::size_t i = 0; i < record.rest.size; ++i) {
      if (record.shared + i >= last_size) return true;
      const unsigned char before = key_byte(size() - 1, record.shared + i);
      if (before != record.rest.data[i]) return before < record.rest.data[i];
    }
    return false;
  }
  // Reads only the numbers that tell whether the rest can be read: min_consumer and bad_consumers of the version.
  // TensorFlow's own version is 1.
  constexpr void read_header(FileBytes bytes) noexcept {
    if (has_header_ || size() != 0) return note(Problem::it_has_keys_that_are_not_in_order);
    has_header_ = true;
    StaticFields header(bytes);
    while (header.next()) {
      if (!header.is_bytes(3)) continue;
      StaticFields version(header.bytes());
      std::int64_t min_consumer = 0;
      while (version.next()) {
        if (version.is_varint(2)) min_consumer = static_cast<std::int32_t>(version.number());
        if (version.is_varint(3) && version.number() == 1) note(Problem::it_is_of_a_version_too_new);
        if (version.is_bytes(3)) {
          StaticReader bad_consumers(version.bytes());
          while (!bad_consumers.empty())
            if (bad_consumers.read_varint() == 1) note(Problem::it_is_of_a_version_too_new);
          note(bad_consumers.problem());
        }
      }
      note(version.problem());
      if (min_consumer > 1) note(Problem::it_is_of_a_version_too_new);
    }
    note(header.problem());
  }

  FileBytes file_;
  Problem problem_ = Problem::none;
  bool has_header_ = false;
  GrowingArray<StaticRecord> records_;
  GrowingArray<std::size_t> whole_;  // the indices of the records whose keys share nothing
};

}  // namespace CAIRN_NAMESPACE::schema::detail
