// What a bundle holds, in the order of its data files, and a bundle written again from that.
//
//   contents(reader)   shard 0: "a", "w" part 0 | shard 1: "w" part 1, "b" | ...
//   rewrite(reader, "copy")
//
// Nothing else of a bundle is needed: offsets, sizes of files, slice keys, blocks and checksums of the index follow
// from it. So a bundle that TensorFlow wrote comes out byte for byte (tests/bundle/rewrite.cpp), and an editor changes
// the list and writes the rest as it was.
#pragma once

#include "../core/error.hpp"
#include "../io/posix.hpp"
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
#include <tuple>
#include <utility>
#include <vector>

namespace cairn::bundle {

// A tensor, or one part of a partitioned one, as it lies in a shard.
struct StoredTensor {
  std::string_view key;             // of the tensor, good as long as the reader
  std::optional<std::size_t> part;  // which of its entry's slices; nullopt for a tensor that is not partitioned
  const Entry* entry = nullptr;     // of the tensor or the part, in the reader

  friend bool operator==(const StoredTensor&, const StoredTensor&) = default;
};

// By the number of the shard; shards that hold nothing are not listed.
using Contents = std::map<std::int32_t, std::vector<StoredTensor>>;

// Throws Error (data_loss) when tensors are said to lie in the same bytes so often that to read all of them, or to
// write each with bytes of its own, would take far more than the files hold. Nobody writes such an index but to do
// harm.
inline void require_own_bytes(const Reader& reader) {
  constexpr std::uint64_t most_times = 4, slack = std::uint64_t{64} << 20;
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  const auto sum = [](std::uint64_t a, std::uint64_t b) { return a > max - b ? max : a + b; };
  struct Shard {
    std::uint64_t end = 0, bytes = 0;
  };
  std::map<std::int32_t, Shard> shards;
  for (const EntryList* const list : {&reader.entries(), &reader.slices()})
    for (const auto& item : *list) {
      const Entry& entry = item.second;
      if (!entry.slices.empty()) continue;
      Shard& shard = shards[entry.shard];
      shard.end = std::max(shard.end, sum(entry.offset, entry.size));
      shard.bytes = sum(shard.bytes, entry.size);
    }
  for (const auto& [number, shard] : shards)
    if (shard.bytes > slack && (shard.bytes - slack) / most_times > shard.end)
      throw Error(ErrorCode::data_loss,
                  "the tensors in data file " + std::to_string(number) + " of \"" + reader.prefix() + "\" take " +
                      std::to_string(shard.bytes) + " bytes, but lie within " + std::to_string(shard.end) +
                      ": its index gives many the same bytes; read the tensors that are needed one by one")
          .in_file(index_path(reader.prefix()));
}

// Reads nothing but the index, which `reader` has already. Throws Error (data_loss) when a partitioned tensor lists a
// part that does not exist; as require_own_bytes.
[[nodiscard]] inline Contents contents(const Reader& reader) {
  require_own_bytes(reader);
  Contents shards;
  for (const auto& [key, entry] : reader.entries()) {
    if (entry.slices.empty()) shards[entry.shard].push_back({key, std::nullopt, &entry});
    for (std::size_t i = 0; i < entry.slices.size(); ++i) {
      const Entry& part = detail::stored_part(reader, key, entry, i);
      shards[part.shard].push_back({key, i, &part});
    }
  }
  // What has no bytes stands before what has its bytes there.
  const auto place = [](const StoredTensor& item) {
    return std::tuple(item.entry->offset, item.entry->size, item.key, item.part);
  };
  for (auto& shard : shards)
    std::sort(shard.second.begin(), shard.second.end(),
              [&](const StoredTensor& a, const StoredTensor& b) { return place(a) < place(b); });
  return shards;
}

// Begins `writer`, to which nothing was added yet, with the header of another bundle and the layout of its shards: as
// TensorFlow merges them, they are numbered without gaps, and may be fewer than the header says.
inline void keep_layout(Writer& writer, const Reader& source, const Contents& shards) {
  constexpr std::int32_t max_kept = 99'999;  // what five digits can say; more was never written
  const bool without_gaps = shards.empty() || (shards.begin()->first == 0 &&
                                               static_cast<std::size_t>(shards.rbegin()->first) == shards.size() - 1);
  writer.keep_header(source.index(), without_gaps && source.num_shards() <= max_kept ? source.num_shards() : 0);
}

// Plans one item as it is.
inline void add_item(Writer& writer, const Reader& source, const StoredTensor& item) {
  if (item.part)
    writer.add_copy_of_slice(source, item.key, *item.part, std::string(item.key));
  else
    writer.add_copy(source, item.key);
}

// Writes all of a bundle again under another prefix: every tensor, part and unknown dtype byte for byte, checked on the
// way, in its shard; unknown fields and the format's version as they are. What differs from the original afterwards is
// only what no writer of today's TensorFlow makes: gaps and compression are gone, the byte order is this machine's.
// Memory: the index, and a small buffer. With options.shard_size the tensors are laid out anew, and not cut. Throws
// Error as Reader and Writer; then the new prefix is what it was.
inline void rewrite(const Reader& source, std::string prefix, WriterOptions options = {},
                    io::FileSystem& files = io::posix()) {
  const Contents shards = contents(source);
  Writer writer(std::move(prefix), options, files);
  if (options.shard_size == 0) keep_layout(writer, source, shards);
  for (const auto& shard : shards) {
    if (options.shard_size == 0) writer.begin_shard();
    for (const StoredTensor& item : shard.second) add_item(writer, source, item);
  }
  writer.finish();
}

}  // namespace cairn::bundle
