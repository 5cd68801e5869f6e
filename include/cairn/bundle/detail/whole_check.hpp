// A look whether all of a large checkpoint is as it should be, in little memory: of the index a block, and for each
// tensor the place of its bytes, their checksum and a hash of its key.
//
//   index, block by block  ->  places, by shard and offset  ->  data files, in order  ->  the object graph, in passing
//
// It finds out that something is wrong, or unusual, and not what: verify() then decodes all of the index.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/block.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../../format/table.hpp"
#include "../../io/file_system.hpp"
#include "../files.hpp"
#include "../finding.hpp"
#include "../index.hpp"
#include "../naming.hpp"
#include "copy_stored.hpp"
#include "shards.hpp"
#include "stored_bytes.hpp"
#include "string_tensor.hpp"
#include "table_file.hpp"
#include "table_walk.hpp"
#include "verify_graph.hpp"
#include "whole_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

class WholeCheck {
 public:
  // Both must outlive it.
  WholeCheck(io::FileSystem& files, const std::string& prefix)
      : files_(files), prefix_(prefix), path_(bundle::index_path(prefix)) {}

  // Returns true when the index is large, and verify() would find nothing. False says nothing: the index is small, it
  // has unused bytes, or something is wrong. Throws what the file system throws that is no Error.
  [[nodiscard]] bool is_whole() {
    try {
      const auto file = files_.open(path_);
      constexpr std::uint64_t large = std::uint64_t{64} << 10;
      if (file->size() <= large || file->size() > max_index_bytes) return false;
      return has_good_index(*file) && has_good_data() && has_good_graph();
    } catch (const Error&) {
      return false;
    }
  }

 private:
  // The bytes of a tensor of numbers, or of strings or variants, whose entry is in others_.
  struct Place {
    std::uint64_t offset, size;
    std::uint32_t checksum;  // or the place in others_
    std::int32_t shard;      // or -1 minus that
  };
  struct Other {
    std::string key;
    bundle::Entry entry;
  };
  [[nodiscard]] static std::int32_t shard_of(const Place& place) noexcept {
    return place.shard < 0 ? -1 - place.shard : place.shard;
  }

  // Counts parts, and looks at those of each tensor beside it.
  class Parts {
   public:
    Parts(const io::ReadableFile& file, const std::string& path) : path_(path), parts_(file, path) {}

    // Counts a part; false for a key that is none.
    [[nodiscard]] bool count_one(std::string_view key) {
      std::string name;
      ++count_;
      return format::detail::decode_slice_name(key, name) != 0;
    }
    // Whether the parts that a tensor lists are there and as they should be. Tensors are given in their order.
    [[nodiscard]] bool are_good(std::string_view key, const bundle::Entry& entry, EntryBudget& budget) {
      bundle::Index index;
      index.entries.push_back({std::string(key), entry});
      parts_.add_parts_of(key, index.slices, budget);
      listed_ += entry.slices.size();
      Findings findings;
      SliceVerifier(index, path_, findings).run();
      return index.slices.size() == entry.slices.size() && std::move(findings).take().empty();
    }
    // Whether every part that was counted was one of a tensor.
    [[nodiscard]] bool are_all_listed() const noexcept { return listed_ == count_; }

   private:
    const std::string& path_;
    PartsBeside parts_;
    std::uint64_t count_ = 0, listed_ = 0;
  };

  [[nodiscard]] bool has_good_index(const io::ReadableFile& file) {
    format::BlockHandle metaindex, index;
    if (!read_footer(file, metaindex, index)) return false;
    TableFile table(file, path_);
    format::TableReader entries = table.entries();
    if (!entries.next() || !entries.key().empty()) return false;
    decode_header(entries.value(), header_);
    if (!header_.unused_bytes.empty() || header_.num_shards <= 0) return false;
    shards_.emplace(files_, prefix_, header_.num_shards);
    places_.reserve(static_cast<std::size_t>(file.size() / usual_entry_bytes));
    keys_.reserve(places_.capacity());
    Parts parts(file, path_);
    std::uint64_t block = 0, end = entries.block().size + format::block_trailer_size;
    if (entries.block().offset != 0) return false;
    while (entries.next()) {
      if (const format::BlockHandle& next = entries.block(); next.offset != block) {
        if (next.offset != end) return false;
        block = next.offset;
        end += next.size + format::block_trailer_size;
      }
      EntryBudget budget(file.size());
      bundle::Entry entry = decode_entry(entries.key(), entries.value(), path_, budget);
      if (!entry.slices.empty() ? !parts.are_good(entries.key(), entry, budget)
                                : entries.key()[0] == '\0' && !parts.count_one(entries.key()))
        return false;
      if (!add(entries.key(), std::move(entry))) return false;
    }
    return end == metaindex.offset && parts.are_all_listed();
  }
  // Returns false unless metaindex block, index block and footer stand behind each other, the latter filled with zeros.
  [[nodiscard]] bool read_footer(const io::ReadableFile& file, format::BlockHandle& metaindex,
                                 format::BlockHandle& index) const {
    std::string bytes(format::table_footer_size, '\0');
    const std::uint64_t limit = file.size() - bytes.size();
    file.read(limit, std::as_writable_bytes(std::span(bytes)));
    format::ByteReader footer = format::detail::open_footer(bytes, file.size(), path_);
    metaindex = format::read_handle(footer, limit);
    index = format::read_handle(footer, limit);
    std::string expected;
    format::append_handle(expected, metaindex);
    format::append_handle(expected, index);
    expected.resize(std::max(expected.size(), footer.bytes().size()), '\0');
    const auto end_of = [](const format::BlockHandle& block) {
      return block.offset + block.size + format::block_trailer_size;
    };
    if (expected != footer.bytes() || end_of(metaindex) != index.offset || end_of(index) != limit) return false;
    bytes.resize(static_cast<std::size_t>(metaindex.size + format::block_trailer_size));
    file.read(metaindex.offset, std::as_writable_bytes(std::span(bytes)));
    std::string buffer;
    format::Block(format::detail::open_block(bytes, metaindex.offset, metaindex, path_, buffer), path_,
                  metaindex.offset)
        .for_each([](std::string_view, std::string_view) {});
    return true;
  }
  [[nodiscard]] bool add(std::string_view key, bundle::Entry entry) {
    shards_->require_legal(key, entry);
    if (key[0] != '\0') keys_.add(key);
    if (!entry.slices.empty()) return true;
    Place place{entry.offset, entry.size, entry.crc32c, entry.shard};
    if (size_of(entry.dtype) == 0) {
      place.checksum = static_cast<std::uint32_t>(others_.size());
      place.shard = -1 - place.shard;
      others_.push_back({std::string(key), std::move(entry)});
    }
    places_.push_back(place);
    return true;
  }

  [[nodiscard]] bool has_good_data() {
    // The places are not moved: they would be there twice meanwhile.
    core::detail::Vec<std::uint32_t> order =
        core::detail::sorted_order(places_.size(), [&](std::size_t i, std::size_t j) {
          const Place &a = places_[i], &b = places_[j];
          if (shard_of(a) != shard_of(b)) return shard_of(a) < shard_of(b);
          return a.offset != b.offset ? a.offset < b.offset : a.size < b.size;
        });
    const auto at = [&](std::size_t i) -> const Place& { return places_[order.empty() ? i : order[i]]; };
    std::uint64_t bytes = 0;
    for (const Place& place : places_) bytes += place.size;
    files_.expect(bytes);
    std::size_t used = 0;
    for (std::size_t begin = 0; begin < places_.size(); ++used) {
      const std::int32_t shard = shard_of(at(begin));
      const std::size_t end =
          core::detail::lower_place(places_.size(), [&](std::size_t i) { return shard_of(at(i)) <= shard; });
      if (!has_good_shard(shard, begin, end, at)) return false;
      begin = end;
    }
    places_ = {};
    // The others are not there, as after a checkpoint was written over another of the same prefix.
    return used == bundle::data_files(prefix_, files_, header_.num_shards).size();
  }
  template <class At>
  [[nodiscard]] bool has_good_shard(std::int32_t shard, std::size_t begin, std::size_t end, const At& at) {
    const std::string path = bundle::data_path(prefix_, shard, header_.num_shards);
    const auto file = files_.open(path);
    StoredBytes stored(*file, 0, file->size(), "", path);
    std::uint64_t read_to = 0;
    for (; begin != end; ++begin) {
      const Place& place = at(begin);
      const std::uint64_t offset = place.offset, size = place.size;
      if (offset < read_to && size != 0) return false;
      for (; read_to < offset;) {  // padding
        const auto zeros = stored.next_piece(offset - read_to);
        if (std::any_of(zeros.begin(), zeros.end(), [](std::byte each) { return each != std::byte{}; })) return false;
        read_to += zeros.size();
      }
      if (size > file->size() - std::min(offset, file->size())) return false;
      if (place.shard >= 0) {
        if (format::mask_crc(stored.pass(size, 0)) != place.checksum) return false;
      } else {
        const auto& [key, entry] = others_[place.checksum];
        if (size <= file->best_piece()) {  // read along with what is beside it
          core::detail::Vec<std::byte> bytes(static_cast<std::size_t>(size));
          stored.read({bytes.data(), bytes.size()});
          const FileInMemory own(std::move(bytes));
          if (!is_graph(key, entry)) verify_bytes(StoredBytes(own, 0, size, key, path), entry, header_.big_endian);
        } else {
          StoredBytes own(*file, offset, size, key, path);
          if (!is_graph(key, entry)) verify_bytes(own, entry, header_.big_endian);
          stored = StoredBytes(*file, offset + size, file->size() - offset - size, "", path);
        }
      }
      read_to = std::max(read_to, offset + size);
    }
    return read_to == file->size();
  }

  [[nodiscard]] static bool is_graph(std::string_view key, const bundle::Entry& entry) noexcept {
    return key == bundle::object_graph_key && entry.dtype == DT_STRING;
  }
  [[nodiscard]] bool has_good_graph() {
    for (const auto& [key, entry] : others_) {
      if (!is_graph(key, entry)) continue;
      if (entry.shape.num_elements() != 1) return false;
      keys_.sort();
      WholeGraph graph(keys_);
      StoredBytes stored = shards_->bytes(key, entry);
      NumberCrc crc(header_.big_endian);
      read_string_lengths(stored, 1, header_.big_endian, crc);
      while (stored.remaining() != 0) {
        const std::span<const std::byte> piece = stored.next_piece(stored.remaining());
        crc.add_bytes(piece);
        graph.add(piece);
      }
      stored.require_checksum(entry.crc32c, crc.masked());
      return graph.is_good();
    }
    return true;
  }

  io::FileSystem& files_;
  const std::string& prefix_;
  const std::string path_;
  bundle::Index header_;
  std::optional<Shards> shards_;
  core::detail::Vec<Place> places_;
  core::detail::Vec<Other> others_;
  KnownKeys keys_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
