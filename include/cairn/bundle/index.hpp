// Index: the .index file of a bundle, decoded. It has the number of shards, their byte order, and each tensor's entry.
//
//   P.index = table { "" -> header, key -> entry, ..., code(key, slice) -> entry of a part, ... }
#pragma once

#include "../core/detail/sort.hpp"
#include "../core/detail/vec.hpp"
#include "../format/bundle_messages.hpp"
#include "../format/detail/ordered_code.hpp"
#include "../format/table.hpp"
#include "../format/table_builder.hpp"
#include "../io/file_system.hpp"
#include "../io/whole_file.hpp"
#include "entry.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle {

// Entries with their keys, sorted by key: keys are compared as unsigned bytes, a key stands before those it begins.
using EntryList = core::detail::Vec<std::pair<std::string, Entry>>;

// The decoded contents of an .index file.
struct Index {
  // The number of data files; some of them may hold no tensor.
  std::int32_t num_shards = 1;
  bool big_endian = std::endian::native == std::endian::big;  // byte order of the numbers in the shards
  // The version of the format. A file from before September 2016 has none, and gets this one when it is rewritten.
  format::VersionDef version{1, 0, {}};
  std::string unknown_fields = {};  // the header's fields of newer versions, undecoded
  // The bytes of the shards that only other bundles use (detail/unused_bytes.hpp); empty in a bundle whose shards are
  // its own.
  std::string unused_bytes = {};
  EntryList entries;  // the tensors, partitioned ones as a whole
  EntryList slices;   // the parts of partitioned tensors, under their own keys
};

// Returns the entry under `key`; nullptr when there is none. The search begins at `near`, and leaves there the place
// that it found: for many keys that are nearly in order, pass the same `near` again.
[[nodiscard]] inline const Entry* find_entry(const EntryList& entries, std::string_view key,
                                             std::size_t& near) noexcept {
  if (const std::size_t next = near + 1; next < entries.size() && entries[next].first == key)  // nearly always
    return &entries[near = next].second;
  const auto is_before = [&](std::size_t place) { return entries[place].first < key; };
  // All entries before `near` stand before the key, too.
  std::size_t begin = near < entries.size() && is_before(near) ? near + 1 : 0;
  std::size_t end = begin == 0 ? std::min(near, entries.size()) : entries.size();
  if (begin != 0)
    for (std::size_t step = 1; step <= end - begin; step *= 2) {
      if (!is_before(begin + step - 1)) {
        end = begin + step - 1;
        break;
      }
      begin += step;
    }
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (is_before(middle))
      begin = middle + 1;
    else
      end = middle;
  }
  if (begin == entries.size() || entries[begin].first != key) return nullptr;
  near = begin;
  return &entries[begin].second;
}
[[nodiscard]] inline const Entry* find_entry(const EntryList& entries, std::string_view key) noexcept {
  std::size_t near = entries.size();
  return find_entry(entries, key, near);
}

}  // namespace CAIRN_NAMESPACE::bundle

namespace CAIRN_NAMESPACE::bundle::detail {

// TensorFlow's rule for versions, with ours: this reader is version 1 (tensorflow/core/util/tensor_bundle).
inline void require_readable_version(const format::VersionDef& version) {
  constexpr std::int32_t reader_version = 1;
  bool is_bad = false;
  for (const std::int32_t consumer : version.bad_consumers) is_bad = is_bad || consumer == reader_version;
  if (version.producer < 0)
    core::detail::fail(ErrorCode::data_loss, {"the index says that version ", version.producer,
                                              " of the format wrote it; there is no such version"});
  if (version.min_consumer > reader_version || is_bad)
    core::detail::fail(
        ErrorCode::unimplemented,
        {"the checkpoint asks for readers of version ", std::max(version.min_consumer, reader_version + 1),
         " of the format, this is version 1; use a newer version of cairn"},
        {.expected = "version 1", .found = core::detail::sentence_of({"at least version ", version.min_consumer})});
}

// Throws Error (data_loss) for a byte order that does not exist.
[[nodiscard]] inline bool is_big_endian(const format::BundleHeader& header) {
  if (header.endianness != format::Endianness::little && header.endianness != format::Endianness::big)
    core::detail::fail(ErrorCode::data_loss,
                       {"the index names byte order ", static_cast<std::int32_t>(header.endianness),
                        "; there are only 0 (little) and 1 (big)"});
  return header.endianness == format::Endianness::big;
}

// Bounds the memory for decoded entries. An entry of four bytes in a crafted file becomes more than a hundred bytes in
// memory; TensorFlow's entries have some forty bytes, and seventeen at the very least: a value of thirteen, and a key
// that begins as the one before. Any number of such is within the budget, and what their keys have in common up to some
// hundred thousand tensors.
class EntryBudget {
 public:
  explicit EntryBudget(std::uint64_t file_bytes)
      : left_((std::uint64_t{28} << 20) + 3 * file_bytes), values_(file_bytes) {}

  // Both functions throw Error with ErrorCode::data_loss when the next step would take more memory than the file can
  // justify. This one counts entries, and the bytes of all their keys and of all their encoded values; the latter justify
  // more than keys do, of which millions may begin alike, but not more of them than the file has bytes: compressed
  // blocks may hold more. The other one counts the memory that an entry holds outside of itself.
  void take(std::size_t entries, std::uint64_t key_bytes, std::uint64_t value_bytes) {
    if (value_bytes > values_) value_bytes = values_;
    values_ -= value_bytes;
    left_ += 7 * value_bytes;
    take_bytes(entries * sizeof(std::pair<std::string, bundle::Entry>) + key_bytes);
  }
  void take(const bundle::Entry& entry) {
    std::uint64_t bytes = sizeof(std::int64_t) * entry.shape.rank() + entry.unknown_fields.size();
    for (const auto& slice : entry.slices) bytes += sizeof slice + slice.size() * sizeof(format::SliceExtent);
    take_bytes(bytes);
  }

  // How many more entries there may be.
  [[nodiscard]] std::size_t entries() const noexcept {
    return static_cast<std::size_t>(left_ / sizeof(std::pair<std::string, bundle::Entry>));
  }

 private:
  void take_bytes(std::uint64_t bytes) {
    if (bytes > left_)
      core::detail::fail(ErrorCode::data_loss, {"its entries would take many times the memory of the file; it is "
                                                "damaged, or was made to be harmful"});
    left_ -= bytes;
  }
  std::uint64_t left_;
  std::uint64_t values_;  // bytes of values that may still justify memory
};

// The place of the first entry that does not stand before `key`.
[[nodiscard]] inline std::size_t place_of(const bundle::EntryList& entries, std::string_view key) noexcept {
  return core::detail::lower_place(entries.size(), [&](std::size_t i) { return entries[i].first < key; });
}

inline void sort_entries(bundle::EntryList& entries) {
  using Item = bundle::EntryList::value_type;
  core::detail::sort(entries, [](const Item& a, const Item& b) { return a.first < b.first; });
}

// Moves the parts of partitioned tensors out of `entries`, which are sorted. A tensor may have any name, so a part is
// recognised by the keys that the partitioned tensors list, not by the look of its key. The keys of all parts of one
// tensor begin alike; the tensor's name is therefore compared and copied once, not once for each part: a crafted entry
// may have a long name and very many parts.
[[nodiscard]] inline bundle::EntryList take_slices(bundle::EntryList& entries) {
  const std::string no_name = format::detail::encode_slice_key("", {});
  core::detail::Vec<bool> is_part(entries.size());
  bool any = false;
  for (const auto& [key, entry] : entries) {
    if (entry.slices.empty()) continue;
    std::string begin = format::detail::encode_slice_key(key, {});
    begin.pop_back();  // the rank, 0
    std::size_t at = place_of(entries, begin);
    if (at == entries.size() || !entries[at].first.starts_with(begin)) continue;
    core::detail::Vec<std::string> ends;  // where the keys of the parts differ, in the order of these keys
    for (const auto& slice : entry.slices)
      ends.push_back(format::detail::encode_slice_key("", slice).substr(no_name.size() - 1));
    core::detail::sort(ends);
    for (std::size_t next = 0; at < entries.size() && entries[at].first.starts_with(begin); ++at) {
      const std::string_view end = std::string_view(entries[at].first).substr(begin.size());
      while (next < ends.size() && ends[next] < end) ++next;
      if (next < ends.size() && ends[next] == end) any = is_part[at] = true;
    }
  }
  bundle::EntryList slices;
  if (!any) return slices;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (is_part[i])
      slices.push_back(std::move(entries[i]));
    else if (const std::size_t to = kept++; to != i)
      entries[to] = std::move(entries[i]);
  }
  entries.resize(kept);
  return slices;
}

// An estimate of the bytes that an entry takes in the file beside its key, to reserve memory: too much is free, too
// little costs one reallocation.
inline constexpr std::size_t usual_entry_bytes = 48;

// An entry whose key somebody else keeps.
struct KeyedEntry {
  std::string_view key;
  bundle::Entry entry;
};

struct SortedKey {
  std::uint64_t word;    // eight bytes of the key, which are being compared
  std::uint32_t number;  // the number of the entry that has the key
};

// Sorts `count` keys by their bytes. The keys are those of `entries`, and their bytes before `begin` are alike. The keys
// of one checkpoint begin alike, so that comparing whole keys would read the same bytes again and again. Eight bytes at
// a time are compared as one number instead, which is stored beside the key's number.
inline void sort_keys(SortedKey* keys, std::size_t count, const core::detail::Vec<KeyedEntry>& entries,
                      std::size_t begin) {
  constexpr std::size_t max_begin = 256;  // deeper, and for few keys, plain comparison: the recursion ends
  if (count < 32 || begin >= max_begin) {
    return core::detail::sort(keys, keys + count, [&](const SortedKey& a, const SortedKey& b) {
      return entries[a.number].key < entries[b.number].key;
    });
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view key = entries[keys[i].number].key;
    const std::string_view rest = key.substr(std::min(begin, key.size()));
    std::uint64_t word = 0;  // a key that ends is filled up with zeros; equal words are compared further
    if (rest.size() >= sizeof word)
      std::memcpy(&word, rest.data(), sizeof word);
    else
      std::memcpy(&word, rest.data(), rest.size());
    if (std::endian::native == std::endian::little)
#if defined(_MSC_VER) && !defined(__clang__)
      word = _byteswap_uint64(word);
#else
      word = __builtin_bswap64(word);
#endif
    keys[i].word = word;
  }
  core::detail::sort(keys, keys + count, [](const SortedKey& a, const SortedKey& b) { return a.word < b.word; });
  for (std::size_t first = 0; first < count;) {
    std::size_t last = first + 1;
    while (last < count && keys[last].word == keys[first].word) ++last;
    if (last - first > 1) sort_keys(keys + first, last - first, entries, begin + 8);
    first = last;
  }
}

// Takes over what the header says. Throws Error with ErrorCode::data_loss for a damaged header,
// ErrorCode::unimplemented for a version of the format that this reader must not read.
CAIRN_COLD inline void decode_header(std::string_view value, bundle::Index& index) {
  format::BundleHeader header = format::decode_bundle_header(value);
  if (header.version) {
    require_readable_version(*header.version);
    index.version = std::move(*header.version);
  }
  index.num_shards = header.num_shards;
  index.big_endian = is_big_endian(header);
  index.unused_bytes = std::move(header.unused_bytes);
  index.unknown_fields = std::move(header.unknown_fields);
}
// Decodes one entry of the index `path`. Throws Error with ErrorCode::data_loss, with the key.
[[nodiscard]] inline bundle::Entry decode_entry(std::string_view key, std::string_view value, const std::string& path,
                                                EntryBudget& budget) {
  try {
    bundle::Entry entry = format::decode_bundle_entry(value);
    budget.take(entry);
    return entry;
  } catch (const Error& error) {
    core::detail::fail(error.code(), {"the index \"", path, "\", key \"", key, "\": ", error.what()}, {.key = key});
  }
}

}  // namespace CAIRN_NAMESPACE::bundle::detail

namespace CAIRN_NAMESPACE::bundle {

// Decodes and checks the bytes of a whole .index file, which is called `path` in messages. The entries may hold any
// numbers: they are not compared with the data files here. Throws Error with ErrorCode::data_loss for damage, with the
// offset where it is known; ErrorCode::unimplemented for a version of the format that this reader must not read.
[[nodiscard]] inline Index decode_index(std::string_view bytes, const std::string& path) {
  detail::EntryBudget budget(bytes.size());
  Index index;
  bool has_header = false;
  try {
    index.entries.reserve(bytes.size() / detail::usual_entry_bytes);
    format::TableReader table(bytes, path);
    while (table.next()) {
      const std::string_view key = table.key();
      if (key.empty()) {
        has_header = true;
        detail::decode_header(table.value(), index);
        continue;
      }
      budget.take(1, key.size(), table.value().size());
      if (const std::size_t size = index.entries.size(); size == index.entries.capacity())
        index.entries.reserve(size + std::min(size, budget.entries()) + 1);
      index.entries.push_back({std::string(key), detail::decode_entry(key, table.value(), path, budget)});
    }
    if (!has_header)
      core::detail::fail(ErrorCode::data_loss,
                         {"\"", path, "\" has no header under the empty key: it is no checkpoint's index"});
  } catch (Error& error) {
    error.in_file(path);
    throw;
  }
  index.slices = detail::take_slices(index.entries);
  return index;
}

// A larger index than this would not fit into the memory of a 32-bit program.
inline constexpr std::uint64_t max_index_bytes = std::numeric_limits<std::size_t>::max() / 4;

// Reads an .index file, and decodes it. Throws Error with ErrorCode::not_found when there is no such file;
// ErrorCode::data_loss and unimplemented for the reasons that decode_index() gives.
[[nodiscard]] inline Index read_index(io::FileSystem& files, const std::string& path) {
  return decode_index(io::read_whole_file(files, path, max_index_bytes), path);
}

}  // namespace CAIRN_NAMESPACE::bundle

namespace CAIRN_NAMESPACE::bundle::detail {

// The places in an encoded index that change when the same tensors have other values.
struct IndexPlaces {
  // The offset of each entry's checksum in the file; only meaningful for an entry with a checksum other than 0 and
  // without parts.
  core::detail::Vec<std::size_t> checksums;
  // The table's blocks that entries are in; each block has a checksum of its own.
  core::detail::Vec<format::BlockHandle> blocks;
};

// Returns the bytes of an .index file as TensorFlow writes them, with the header of `index` and with `entries`, which
// may be in any order. `*places`, if given, gets the places of each entry in that order. Throws Error with
// ErrorCode::already_exists for a key that comes twice.
[[nodiscard]] inline std::string encode_index(const bundle::Index& index, const core::detail::Vec<KeyedEntry>& entries,
                                              IndexPlaces* places = nullptr) {
  core::detail::Vec<SortedKey> sorted(entries.size());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sorted[i].number = static_cast<std::uint32_t>(i);
    bytes += entries[i].key.size() + usual_entry_bytes;
  }
  sort_keys(sorted.data(), sorted.size(), entries, 0);

  format::BundleHeader header;
  header.num_shards = index.num_shards;
  header.endianness = index.big_endian ? format::Endianness::big : format::Endianness::little;
  header.version = index.version;
  header.unused_bytes = index.unused_bytes;
  header.unknown_fields = index.unknown_fields;
  format::TableBuilder builder;
  builder.reserve(bytes);
  builder.add("", format::encode(header));
  std::string value;
  if (places != nullptr) places->checksums.resize(sorted.size());
  for (const SortedKey& each : sorted) {
    const auto& [key, entry] = entries[each.number];
    value.clear();
    format::append_encoded(value, entry);
    builder.add(key, value);
    // The checksum is the last field of an entry and takes four bytes.
    if (places != nullptr) places->checksums[each.number] = builder.value_end() - sizeof(std::uint32_t);
  }
  std::string file = builder.finish();
  if (places != nullptr) places->blocks = builder.blocks();
  return file;
}

}  // namespace CAIRN_NAMESPACE::bundle::detail

namespace CAIRN_NAMESPACE::bundle {

// Returns the bytes of an .index file with the header, the entries and the slices of `index`.
[[nodiscard]] inline std::string encode_index(Index index) {
  core::detail::Vec<detail::KeyedEntry> entries;
  entries.reserve(index.entries.size() + index.slices.size());
  for (EntryList* const list : {&index.entries, &index.slices})
    for (auto& [key, entry] : *list) entries.push_back({key, std::move(entry)});
  return detail::encode_index(index, entries);
}

}  // namespace CAIRN_NAMESPACE::bundle
