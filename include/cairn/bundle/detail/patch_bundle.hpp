// A bundle written again with other values in some tensors, each of the size that it had: all other bytes of the data
// files and of the index go over as they are, and no entry is kept in memory.
//
//   data files   copied and checked on the way, with the new values in their places
//   index        copied, with the new checksums in their entries, and those of the blocks that these are in
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/bundle_messages.hpp"
#include "../../format/table.hpp"
#include "../../format/table_builder.hpp"
#include "../../io/file_system.hpp"
#include "../../io/whole_file.hpp"
#include "../../tensor/tensor_view.hpp"
#include "../files.hpp"
#include "../index.hpp"
#include "../naming.hpp"
#include "../reader.hpp"
#include "../writer_options.hpp"
#include "bulk_read.hpp"
#include "copy_stored.hpp"
#include "new_shards.hpp"
#include "publication.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// Other values for a tensor.
struct Patch {
  std::string_view key;
  TensorView tensor;
};

class PatchedBundle {
 public:
  // `patches` are sorted by key. All must outlive it.
  PatchedBundle(const bundle::Reader& input, std::span<const Patch> patches, io::FileSystem& files)
      : input_(input), patches_(patches), files_(files) {}

  // Looks at the index. False where it is not one that a writer of today would write for the same tensors, or a new
  // value does not fit into the place of the old one: then everything has to be written anew. So it is where anything is
  // wrong, which the writer will tell.
  [[nodiscard]] bool prepare() {
    if (!has_index(input_.prefix(), files_)) return false;
    const std::string path = bundle::index_path(input_.prefix());
    index_ = io::read_whole_file(files_, path, max_index_bytes);
    try {
      return read_entries(path) && is_contiguous();
    } catch (const Error& error) {
      for (const ErrorCode code : {ErrorCode::data_loss, ErrorCode::unimplemented, ErrorCode::not_found})
        if (error.code() == code) return false;
      throw;
    }
  }
  // How many tensors the bundle has, after prepare().
  [[nodiscard]] std::size_t tensors() const noexcept { return tensors_; }
  // Copies, after prepare(). False where a byte is not what was saved; nothing is there then. Throws what Writer::finish
  // throws.
  [[nodiscard]] bool write(const std::string& prefix, const bundle::WriterOptions& options) {
    bundle::require_prefix(prefix);
    const auto used = static_cast<std::int32_t>(shards_.size());
    const bool has_gaps = shards_[shards_.size() - 1] != used - 1;
    const std::int32_t count = has_gaps ? used : num_shards_, old = old_shards(prefix);
    Publication publication = old == 0 ? Publication(files_, prefix, options.durability, count)
                                       : Publication(files_, prefix, options.durability, count, old);
    if (has_gaps || publication.num_shards() != num_shards_) index_ = numbered_index(publication);
    NewShards shards(files_, prefix, options.durability, 1);
    std::uint64_t bytes = 0;
    for (const Item& item : items_) bytes += item.size;
    files_.expect(bytes);
    for (std::size_t begin = 0; begin < items_.size();) {
      std::size_t end = begin + 1;
      while (end < items_.size() && in_order(end).shard == in_order(begin).shard) ++end;
      if (!copy_shard(begin, end, static_cast<std::int32_t>(shards.list().size()), shards)) return false;
      begin = end;
    }
    shards.finish();
    publication.publish(
        index_, false,
        [&](bool is_named) {
          if (!is_named) return shards.remove_named();
          for (std::size_t i = 0; i < shards.list().size(); ++i)
            shards.rename(i, publication.data_path(static_cast<std::int32_t>(i)));
        },
        options.second_name);
    publication.remove_old();
    return true;
  }

 private:
  static constexpr std::uint32_t no_patch = 0xffffffff;

  // A tensor in its data file.
  struct Item {
    std::uint64_t offset, size;
    std::uint32_t crc32c;
    std::int32_t shard;
    std::uint32_t patch;
    bool is_checked;  // as it is read; strings and variants were checked before
  };

  [[nodiscard]] bool read_entries(const std::string& path) {
    format::TableReader entries(index_, path);
    items_.reserve(index_.size() / usual_entry_bytes);
    std::size_t next = 0;  // patch
    while (entries.next()) {
      if (entries.key().empty()) {
        bundle::Index header;
        decode_header(entries.value(), header);
        num_shards_ = header.num_shards;
        if (header.big_endian != (std::endian::native == std::endian::big) || !header.unused_bytes.empty())
          return false;
        continue;
      }
      EntryBudget budget(index_.size());
      bundle::Entry entry = decode_entry(entries.key(), entries.value(), path, budget);
      if (!is_inside(entries.value())) return false;  // a block was compressed
      const bool is_patched = next < patches_.size() && patches_[next].key == entries.key();
      if (is_patched && !patch(next, entry, entries)) return false;
      if (entries.key()[0] == '\0') return false;  // it may be a part
      ++tensors_;
      if (!entry.slices.empty()) return false;
      const bool are_numbers = size_of(entry.dtype) != 0;
      if (are_numbers && entry.byte_count() != entry.size) return false;
      if (!are_numbers && !is_patched && is_readable(entry.dtype)) input_.verify(entries.key(), entry);
      items_.push_back({entry.offset, entry.size, entry.crc32c, entry.shard,
                        is_patched ? static_cast<std::uint32_t>(next) : no_patch, are_numbers && !is_patched});
      next += is_patched ? 1 : 0;
    }
    return next == patches_.size();
  }
  [[nodiscard]] bool is_inside(std::string_view value) const noexcept {
    return value.data() >= index_.data() && value.data() + value.size() <= index_.data() + index_.size();
  }

  // Puts the new entry into the index.
  [[nodiscard]] bool patch(std::size_t number, const bundle::Entry& entry, const format::TableReader& entries) {
    const TensorView& tensor = patches_[number].tensor;
    bundle::Entry changed = entry;
    changed.dtype = tensor.dtype();
    changed.shape = tensor.shape();
    changed.size = tensor.dtype() == DT_STRING ? encoded_size(tensor.strings()) : tensor.bytes().size();
    if (!entry.slices.empty() || entry.unknown_rank || changed.size != entry.size) return false;
    changed.crc32c = tensor.dtype() == DT_STRING ? encode_strings(tensor.strings(), [](std::span<const std::byte>) {})
                                                 : format::mask_crc(format::crc32c(tensor.bytes()));
    std::string before, after;
    format::append_encoded(before, entry);
    format::append_encoded(after, changed);
    if (before != entries.value() || after.size() != before.size()) return false;
    values_.push_back({static_cast<std::size_t>(entries.value().data() - index_.data()), entries.block(), after});
    return true;
  }

  // Whether the tensors of each data file lie one behind the other.
  [[nodiscard]] bool is_contiguous() {
    order_ = core::detail::sorted_order(items_.size(), [&](std::size_t i, std::size_t j) {
      const Item &a = items_[i], &b = items_[j];
      if (a.shard != b.shard) return a.shard < b.shard;
      return a.offset != b.offset ? a.offset < b.offset : a.size < b.size;
    });
    std::int32_t shard = -1;
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const Item& item = in_order(i);
      if (item.shard != shard) {
        if (item.shard < 0 || item.shard >= num_shards_ || !ends_at(shard, end)) return false;
        shard = item.shard;
        shards_.push_back(shard);
        end = 0;
      }
      if (item.offset != end || item.size > std::uint64_t{1} << 62) return false;
      end += item.size;
    }
    if (shard < 0 || !ends_at(shard, end)) return false;
    for (const Value& value : values_) put(value);
    return true;
  }
  // The items in the order of the data files. They are not moved: they would be there twice meanwhile.
  [[nodiscard]] const Item& in_order(std::size_t i) const { return items_[order_.empty() ? i : order_[i]]; }
  [[nodiscard]] bool ends_at(std::int32_t shard, std::uint64_t end) const {
    return shard < 0 || files_.open(data_path(shard))->size() == end;
  }
  [[nodiscard]] std::string data_path(std::int32_t shard) const {
    return bundle::data_path(input_.prefix(), shard, num_shards_);
  }

  struct Value {
    std::size_t begin;
    format::BlockHandle block;
    std::string bytes;
  };
  void put(const Value& value) {
    index_.replace(value.begin, value.bytes.size(), value.bytes);
    const auto begin = static_cast<std::size_t>(value.block.offset), size = static_cast<std::size_t>(value.block.size);
    std::string checksum;
    format::append_fixed32(
        checksum, format::block_checksum(std::string_view(index_).substr(begin, size), format::Compression::none));
    index_.replace(begin + size + 1, checksum.size(), checksum);
  }

  // How many shards the bundle has that is there; 0 where that cannot be told at once.
  [[nodiscard]] std::int32_t old_shards(const std::string& prefix) const {
    if (!has_index(prefix, files_)) return 0;
    try {
      return bundle::Reader(prefix, files_).num_shards();
    } catch (const Error&) {
      return 0;
    }
  }
  // The index with the new numbers of the data files, as a writer makes it.
  [[nodiscard]] std::string numbered_index(const Publication& publication) const {
    const std::string path = bundle::index_path(input_.prefix());
    format::TableReader entries(index_, path);
    format::TableBuilder builder;
    builder.reserve(index_.size() + 2 * tensors_);
    std::string value;
    while (entries.next()) {
      value.clear();
      if (entries.key().empty()) {
        format::BundleHeader header = format::decode_bundle_header(entries.value());
        header.num_shards = publication.num_shards();
        format::append_encoded(value, header);
      } else {
        bundle::Entry entry = format::decode_bundle_entry(entries.value());
        const std::size_t rank =
            core::detail::lower_place(shards_.size(), [&](std::size_t i) { return shards_[i] < entry.shard; });
        entry.shard = publication.number_of(static_cast<std::int32_t>(rank));
        format::append_encoded(value, entry);
      }
      builder.add(entries.key(), value);
    }
    return builder.finish();
  }

  [[nodiscard]] bool copy_shard(std::size_t first, std::size_t last, std::int32_t number, NewShards& shards) {
    const std::int32_t shard = in_order(first).shard;
    const std::uint64_t bytes = in_order(last - 1).offset + in_order(last - 1).size;
    static_cast<void>(shards.claim(number, bytes));
    io::WritableFile& out = shards.file(number);
    const auto in = files_.open(data_path(shard));
    if (in->size() != bytes) return false;
    constexpr std::size_t unused = 64;  // away from where all pieces would be copied slowly (io/detail/slow_copy.hpp)
    core::detail::Vec<std::byte> memory(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, io::piece_bytes)) +
                                        unused);
    std::uint32_t crc = 0;
    std::uint64_t begin = 0;
    do {
      const std::span<std::byte> piece(memory.data() + unused, static_cast<std::size_t>(std::min<std::uint64_t>(
                                                                   bytes - begin, memory.size() - unused)));
      in->read(begin, piece);
      const std::uint64_t end = begin + piece.size();
      for (; first < last; ++first) {
        const Item& item = in_order(first);
        const std::uint64_t from = std::max(item.offset, begin), to = std::min(item.offset + item.size, end);
        const std::span<std::byte> part =
            piece.subspan(static_cast<std::size_t>(from - begin), static_cast<std::size_t>(to - from));
        if (item.is_checked) crc = format::extend_crc32c(crc, part);
        if (item.patch != no_patch) put_value(patches_[item.patch].tensor, from - item.offset, part);
        if (item.offset + item.size > end) break;
        if (item.is_checked && format::mask_crc(std::exchange(crc, 0)) != item.crc32c) return false;
      }
      out.write(begin, piece);
      begin = end;
    } while (begin < bytes);
    return true;
  }
  // The bytes of a tensor from `begin` on.
  static void put_value(const TensorView& tensor, std::uint64_t begin, std::span<std::byte> out) {
    if (tensor.dtype() != DT_STRING)
      return copy_bytes(tensor.bytes().subspan(static_cast<std::size_t>(begin), out.size()), out.data());
    std::uint64_t at = 0;
    static_cast<void>(encode_strings(tensor.strings(), [&](std::span<const std::byte> bytes) {
      const std::uint64_t from = std::max(at, begin), to = std::min(at + bytes.size(), begin + out.size());
      if (from < to)
        copy_bytes(bytes.subspan(static_cast<std::size_t>(from - at), static_cast<std::size_t>(to - from)),
                   out.data() + (from - begin));
      at += bytes.size();
    }));
  }

  const bundle::Reader& input_;
  std::span<const Patch> patches_;
  io::FileSystem& files_;
  std::string index_;
  std::int32_t num_shards_ = 1;
  core::detail::Vec<std::int32_t> shards_;  // those that tensors are in, by number
  std::size_t tensors_ = 0;
  core::detail::Vec<Item> items_;           // in the order of the keys
  core::detail::Vec<std::uint32_t> order_;  // of the data files, where that is another one
  core::detail::Vec<Value> values_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
