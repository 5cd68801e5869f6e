// A bundle as it was laid out once, to be written again with other values: the same keys, dtypes, shapes and sizes.
// Only checksums differ then, and those are put into the kept bytes of the index.
//
//   KeptBundle kept = finish_keeping(writer, 1);                         remembers, where it can
//   kept.write(files, "ckpt-2", sources, Durability::full, 2, nullptr);   one data file, and the index, as a new writer
//                                                                        would write them
#pragma once

#include "../../core/durability.hpp"
#include "../../format/table_format.hpp"
#include "../../io/file_system.hpp"
#include "bundle_writer.hpp"
#include "new_shards.hpp"
#include "planned_tensors.hpp"
#include "publication.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

class KeptBundle {
 public:
  KeptBundle() = default;
  // `entries` in the order of the data file, each at a multiple of `data_alignment`, and what was written as their
  // index. Nothing is kept where the index does not have the checksum of each entry as a number of its own: not of
  // parts, nor where a checksum is zero.
  KeptBundle(PlannedEntries entries, std::string index, IndexPlaces places, std::uint64_t data_alignment)
      : entries_(std::move(entries)),
        index_(std::move(index)),
        places_(std::move(places)),
        data_alignment_(data_alignment) {
    bool can_be_kept = !entries_.empty() && places_.checksums.size() == entries_.size();
    for (auto& [key, entry] : entries_) {
      can_be_kept = can_be_kept && entry.slices.empty() && entry.unknown_fields.empty() && entry.crc32c != 0;
      key = {};
    }
    if (!can_be_kept) *this = {};
  }

  explicit operator bool() const noexcept { return !entries_.empty(); }

  // The entries in the order of the data file, without their keys.
  [[nodiscard]] const PlannedEntries& entries() const noexcept { return entries_; }

  [[nodiscard]] std::uint64_t data_alignment() const noexcept { return data_alignment_; }

  // Writes and publishes, in the order of steps that Writer has. `sources` are the bytes of the entries, in their order
  // and of their sizes. False where it cannot be: the prefix has a bundle, or a checksum is zero; nothing is there
  // then. Throws what Writer::finish throws.
  [[nodiscard]] bool write(io::FileSystem& files, const std::string& prefix,
                           const core::detail::Vec<PlannedBytes>& sources, Durability durability, std::size_t threads,
                           std::string* second_name = nullptr) {
    Publication publication(files, prefix, durability, 1);
    if (publication.num_shards() != 1) return false;
    NewShards shards(files, prefix, durability, data_alignment_);
    const bundle::Entry& last = entries_.back().entry;
    (void)shards.claim(0, last.offset + last.size);
    files.expect(shards.bytes());
    PlannedRange(entries_.data(), sources.data(), entries_.size(), data_alignment_).write(shards.file(0), threads);
    shards.finish();
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].entry.crc32c == 0) return false;
      put(places_.checksums[i], entries_[i].entry.crc32c);
    }
    for (const format::BlockHandle& block : places_.blocks) {
      const auto begin = static_cast<std::size_t>(block.offset);
      const auto size = static_cast<std::size_t>(block.size);
      put(begin + size + 1,
          format::block_checksum(std::string_view(index_).substr(begin, size), format::Compression::none));
    }
    publication.publish(
        index_, false,
        [&](bool is_named) { is_named ? shards.rename(0, publication.data_path(0)) : shards.remove_named(); },
        second_name);
    publication.remove_old();
    return true;
  }

 private:
  void put(std::size_t at, std::uint32_t number) {
    for (std::size_t i = 0; i < 4; ++i, number >>= 8) index_[at + i] = static_cast<char>(number & 0xff);
  }

  PlannedEntries entries_;
  std::string index_;
  IndexPlaces places_;
  std::uint64_t data_alignment_ = 1;
};

// Finishes the writer, whose tensors are aligned so. The result is empty where the bundle cannot be kept: a tensor is
// partitioned, or the bundle has several data files, or the prefix had a bundle before. Throws Error with the codes of
// BundleWriter::finish.
[[nodiscard]] CAIRN_COLD inline KeptBundle finish_keeping(BundleWriter& writer, std::uint64_t data_alignment) {
  writer.complete();
  IndexPlaces places;
  const bool is_plain = writer.publication().num_shards() == 1;
  std::string index = encode_index(writer.header(), writer.entries(), is_plain ? &places : nullptr);
  writer.publish(index);
  if (!is_plain) return {};
  return KeptBundle(std::move(writer.entries()), std::move(index), std::move(places), data_alignment);
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
