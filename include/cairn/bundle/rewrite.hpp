// rewrite: a bundle written again from its contents, the list of its tensors in the order of their bytes.
//
//   contents(reader)   shard 0: "a", "w" part 0 | shard 1: "w" part 1, "b" | ...
//   rewrite(reader, "copy")
//
// The contents say all about a bundle: offsets, sizes of files, slice keys, blocks and checksums of the index follow
// from them. A bundle that TensorFlow wrote therefore comes out byte for byte (tests/bundle/rewrite.cpp), and an editor
// changes the list and writes the rest unchanged.
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/maps.hpp"
#include "../core/detail/sort.hpp"
#include "../core/detail/vec.hpp"
#include "../core/path_argument.hpp"
#include "../io/detail/watch.hpp"
#include "../io/native.hpp"
#include "entry_reader.hpp"
#include "reader.hpp"
#include "writer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle {

// A tensor, or one part of a partitioned tensor, as it lies in a shard.
struct StoredTensor {
  std::string_view key;  // the tensor's key, valid as long as the reader
  // The number of the part in the entry's list of slices; nullopt for a tensor that is not partitioned.
  std::optional<std::size_t> part;
  const Entry* entry = nullptr;  // the entry of the tensor or of the part, in the reader

  friend bool operator==(const StoredTensor&, const StoredTensor&) = default;
};

// The tensors of each shard, in the order of their bytes, by the number of the shard. A shard without tensors is not
// listed.
using Contents = std::map<std::int32_t, core::detail::Vec<StoredTensor>>;

// Checks that not too many tensors share their bytes. Throws Error with ErrorCode::data_loss when the sizes of a
// shard's tensors add up to more than four times its last used byte and 64 MiB: to read all of them would take far more
// memory than the files have. Only a file that was made to do harm has such an index.
inline void require_own_bytes(const Reader& reader) {
  constexpr std::uint64_t most_times = 4, slack = std::uint64_t{64} << 20;
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  const auto sum = [](std::uint64_t a, std::uint64_t b) { return a > max - b ? max : a + b; };
  struct Shard {
    std::uint64_t end = 0, bytes = 0;
  };
  core::detail::HashMap<std::int32_t, Shard> shards;
  const auto count = [&](const Entry& entry) {
    Shard& shard = shards[entry.shard];
    shard.end = std::max(shard.end, sum(entry.offset, entry.size));
    shard.bytes = sum(shard.bytes, entry.size);
  };
  const auto count_parts = [&](const Reader& from) {
    for (const auto& item : from.slices()) count(item.second);
  };
  bool has_parts = false;  // which the reader has decoded
  for (EntryReader each(reader); each.next();)
    if (const Entry& entry = each.entry(); entry.slices.empty())
      count(entry);
    else if (const Reader& one = each.reader(); &one != &reader)
      count_parts(one);
    else
      has_parts = true;
  if (has_parts) count_parts(reader);
  for (const auto& [number, shard] : shards)
    if (shard.bytes > slack && (shard.bytes - slack) / most_times > shard.end)
      core::detail::fail(ErrorCode::data_loss,
                         {"the tensors in data file ", number, " of \"", reader.prefix(), "\" take ", shard.bytes,
                          " bytes, but lie within ", shard.end,
                          ": its index gives many the same bytes; read the tensors that are needed one by one"},
                         {.file = index_path(reader.prefix())});
}

// Lists the contents of a bundle. Only the index is used, which `reader` has read already. Throws Error with
// ErrorCode::data_loss when a partitioned tensor lists a part that does not exist, or when too many tensors share their
// bytes (require_own_bytes).
[[nodiscard]] inline Contents contents(const Reader& reader) {
  const EntryList& entries = reader.entries();  // before they are gone through one by one: the index is read once
  require_own_bytes(reader);
  Contents shards;
  for (const auto& [key, entry] : entries) {
    if (entry.slices.empty()) shards[entry.shard].push_back({key, std::nullopt, &entry});
    for (std::size_t i = 0; i < entry.slices.size(); ++i) {
      const Entry& part = detail::stored_part(reader, key, entry, i);
      shards[part.shard].push_back({key, i, &part});
    }
  }
  // A tensor without bytes stands before the tensor that has its bytes at that place.
  for (auto& shard : shards)
    core::detail::sort(shard.second, [](const StoredTensor& a, const StoredTensor& b) {
      if (a.entry->offset != b.entry->offset) return a.entry->offset < b.entry->offset;
      if (a.entry->size != b.entry->size) return a.entry->size < b.entry->size;
      return a.key != b.key ? a.key < b.key : a.part < b.part;
    });
  return shards;
}

}  // namespace CAIRN_NAMESPACE::bundle

namespace CAIRN_NAMESPACE::bundle::detail {

// Gives `writer`, to which nothing was added yet, the header of another bundle, and its number of shards where the
// shards are numbered without gaps. TensorFlow, too, numbers shards without gaps when it merges bundles, and may then
// have fewer than the header says.
inline void keep_layout(BundleWriter& writer, const bundle::Reader& source, const bundle::Contents& shards) {
  constexpr std::int32_t max_kept = 99'999;  // five digits can say no larger number; none was ever written
  const bool without_gaps = shards.empty() || (shards.begin()->first == 0 &&
                                               static_cast<std::size_t>(shards.rbegin()->first) == shards.size() - 1);
  writer.keep_header(source.index(), without_gaps && source.num_shards() <= max_kept ? source.num_shards() : 0);
}

// Plans a copy of one item of contents(), unchanged. Throws Error with ErrorCode::data_loss when the bytes are missing,
// ErrorCode::already_exists for an item that was added before, ErrorCode::failed_precondition for a finished writer.
inline void add_item(BundleWriter& writer, const bundle::Reader& source, const bundle::StoredTensor& item) {
  if (item.part)
    add_copy_of_slice(writer, source, item.key, *item.part, item.key);
  else
    add_copy(writer, source, item.key, item.key);
}

}  // namespace CAIRN_NAMESPACE::bundle::detail

namespace CAIRN_NAMESPACE::bundle {

// Writes all of a bundle again under another prefix. Every tensor and part, also of an unknown dtype, comes over byte
// for byte into the same shard and is checked on the way; unknown fields and the format's version are taken over. The
// copy has no gaps between tensors and no compression of the index, which no writer of today's TensorFlow makes, and
// its byte order is this machine's. With options.shard_size the tensors get new places, and none is cut. Small tensors
// are read together. The memory is that of the index and a small buffer. Throws Error with ErrorCode::data_loss for a
// bundle that is damaged, ErrorCode::unimplemented for bytes of the other byte order that cannot be converted,
// ErrorCode::invalid_argument for a prefix without a name, and the codes of a failing disk
// (ErrorCode::permission_denied, resource_exhausted, unavailable); the new prefix is then what it was before, unless
// the sentence begins by saying that the checkpoint is complete.
inline void rewrite(const Reader& source, const PathArgument& prefix, WriterOptions options = {},
                    io::FileSystem& files = io::native()) {
  const io::detail::Watch watch(options.progress, options.stop, files, "writing", prefix.string(),
                                io::detail::Watch::writing);
  const Contents shards = contents(source);
  detail::BundleWriter writer(prefix.string(), options, watch.files());
  if (options.shard_size == 0) detail::keep_layout(writer, source, shards);
  for (const auto& shard : shards) {
    if (options.shard_size == 0) writer.begin_shard();
    for (const StoredTensor& item : shard.second) detail::add_item(writer, source, item);
  }
  writer.finish();
  watch.finish();
}

}  // namespace CAIRN_NAMESPACE::bundle
