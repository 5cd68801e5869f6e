// Where the bytes of a planned entry come from, and how they go into a data file.
#pragma once

#include "../../core/detail/rare.hpp"
#include "../../core/error.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../../io/file_system.hpp"
#include "../entry.hpp"
#include "../reader.hpp"
#include "piece_writer.hpp"
#include "slice.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::bundle::detail {

struct PlannedNumbers {
  std::span<const std::byte> bytes;
};
struct PlannedStrings {
  std::span<const std::string> elements;
};
struct PlannedStored {  // the entry has their checksum
  std::span<const std::byte> bytes;
};
struct PlannedPiece {  // those of `box` among the numbers of `root`
  std::span<const std::byte> bytes;
  Box root, box;
};
struct PlannedCopy {  // an entry of another bundle
  const bundle::Reader* reader;
  const bundle::Entry* entry;
  std::string key;
};
// Gives all bytes of a tensor of numbers to the function that it is called with, one behind the other.
using NumberPieces = std::function<void(const std::function<void(std::span<const std::byte>)>&)>;
struct PlannedPieces {
  NumberPieces pieces;
  std::string key;
};
// What a save of very many variables has is small.
using PlannedBytes = std::variant<PlannedNumbers, PlannedStrings, PlannedStored, core::detail::Rare<PlannedPiece>,
                                  core::detail::Rare<PlannedCopy>, core::detail::Rare<PlannedPieces>>;

// The entry of the `index`-th part of a partitioned tensor. Throws Error (data_loss) when there is none.
[[nodiscard]] inline const bundle::Entry& stored_part(const bundle::Reader& reader, std::string_view key,
                                                      const bundle::Entry& whole, std::size_t index) {
  const bundle::Entry* const part =
      bundle::find_entry(reader.slices(), format::detail::encode_slice_key(key, whole.slices.at(index)));
  if (part == nullptr || !part->slices.empty())
    throw Error(ErrorCode::data_loss, "part " + std::to_string(index) + " of the tensor \"" + std::string(key) +
                                          "\" of checkpoint \"" + reader.prefix() +
                                          "\" is missing; the tensor cannot be copied")
        .in_file(bundle::index_path(reader.prefix()))
        .at_key(std::string(key));
  return *part;
}

// In pieces, so that what was checksummed is still in the cache when it is written.
[[nodiscard]] inline std::uint32_t write_numbers(std::span<const std::byte> rest, std::uint32_t crc, PieceWriter& out) {
  while (!rest.empty()) {
    const auto piece = rest.first(std::min(rest.size(), out.next_piece()));
    crc = format::extend_crc32c(crc, piece);
    out.append(piece);
    rest = rest.subspan(piece.size());
  }
  return crc;
}

// Each writes the entry's bytes and returns its masked checksum.
[[nodiscard]] inline std::uint32_t write_planned(const PlannedNumbers& source, const bundle::Entry&, PieceWriter& out) {
  return format::mask_crc(write_numbers(source.bytes, 0, out));
}
[[nodiscard]] inline std::uint32_t write_planned(const PlannedStrings& source, const bundle::Entry&, PieceWriter& out) {
  return detail::encode_strings(source.elements, [&](std::span<const std::byte> bytes) { out.append(bytes); });
}
[[nodiscard]] inline std::uint32_t write_planned(const PlannedStored& source, const bundle::Entry& entry,
                                                 PieceWriter& out) {
  out.append(source.bytes);
  return entry.crc32c;
}
[[nodiscard]] inline std::uint32_t write_planned(const PlannedPiece& source, const bundle::Entry& entry,
                                                 PieceWriter& out) {
  const std::size_t element = size_of(entry.dtype);
  std::uint32_t crc = 0;
  for_each_common_run(source.root, source.box, [&](std::size_t from, std::size_t, std::size_t length) {
    crc = write_numbers(source.bytes.subspan(from * element, length * element), crc, out);
  });
  return format::mask_crc(crc);
}
[[nodiscard]] inline std::uint32_t write_planned(const PlannedCopy& source, const bundle::Entry&, PieceWriter& out) {
  return source.reader->copy_stored(source.key, *source.entry,
                                    [&](std::span<const std::byte> bytes) { out.append(bytes); });
}
[[nodiscard]] inline std::uint32_t write_planned(const PlannedPieces& source, const bundle::Entry& entry,
                                                 PieceWriter& out) {
  std::uint32_t crc = 0;
  std::uint64_t count = 0;
  const auto require = [&](bool fits) {
    if (fits) return;
    throw Error(ErrorCode::invalid_argument, "the pieces of \"" + source.key + "\" are not the " +
                                                 std::to_string(entry.size) + " bytes that its dtype and shape ask for")
        .at_key(source.key);
  };
  source.pieces([&](std::span<const std::byte> piece) {
    require(piece.size() <= entry.size - count);
    count += piece.size();
    crc = write_numbers(piece, crc, out);
  });
  require(count == entry.size);
  return format::mask_crc(crc);
}
template <class Source>
[[nodiscard]] std::uint32_t write_planned(const core::detail::Rare<Source>& source, const bundle::Entry& entry,
                                          PieceWriter& out) {
  return write_planned(*source, entry, out);
}

}  // namespace cairn::bundle::detail
