// The checksums of entries of which each rank has read some bytes only: the sums of all ranks make them
// (bundle/detail/partly_read.hpp), and no byte is read for it that nobody needs.
//
// Where the ranks together have not read an entry once and no more - a part of the tensor that no rank holds, or one that
// two hold - or the sums do not fit, one rank reads the whole entry to check it.
#pragma once

#include "../../bundle/detail/partly_read.hpp"
#include "../../bundle/reader.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/varint.hpp"
#include "agreement.hpp"
#include "channel.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {

// Throws Error (data_loss) on every rank when an entry is damaged. Collective.
inline void require_read_together(Channel& channel, const bundle::Reader& reader,
                                  const core::detail::Vec<bundle::detail::PartlyRead>& partly) {
  if (channel.least(partly.empty() ? 1 : 0) == 1) return;
  std::string message;
  together(channel, [&] {
    for (const bundle::detail::PartlyRead& each : partly) {
      format::append_varint(message, static_cast<std::uint64_t>(each.entry->shard));
      for (const std::uint64_t number : {each.entry->offset, each.bytes}) format::append_varint(message, number);
      format::append_varint(message, each.crc);
      format::append_varint(message, each.entry->size);
      format::append_varint(message, each.entry->crc32c);
    }
  });
  const std::vector<std::string> messages = channel.gather(message);
  // Of those that must be read: the number of the entry among those that the rank has told.
  std::string orders = from_first(channel, [&] {
    struct Told {
      std::uint64_t shard, offset, bytes, size;
      std::uint32_t crc, stored;
      std::size_t rank, number;
    };
    core::detail::Vec<Told> all;
    for (std::size_t rank = 0; rank < messages.size(); ++rank) {
      std::size_t number = 0;
      for (format::ByteReader told(messages[rank], "a message of a rank"); !told.empty();) {
        Told each{};
        each.shard = told.read_varint64();
        each.offset = told.read_varint64();
        each.bytes = told.read_varint64();
        each.crc = told.read_varint32();
        each.size = told.read_varint64();
        each.stored = told.read_varint32();
        each.rank = rank;
        each.number = number++;
        all.push_back(each);
      }
    }
    core::detail::sort(all, [](const Told& a, const Told& b) {
      if (a.shard != b.shard) return a.shard < b.shard;
      return a.offset != b.offset ? a.offset < b.offset : a.rank < b.rank;
    });
    std::string unsure;
    std::size_t turn = 0;
    for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
      std::uint64_t bytes = 0;
      std::uint32_t crc = 0;
      for (; last < all.size() && all[last].shard == all[first].shard && all[last].offset == all[first].offset; ++last)
        bytes += all[last].bytes, crc ^= all[last].crc;
      if (bytes == all[first].size && format::mask_crc(crc) == all[first].stored) continue;
      const Told& reader_of_it = all[first + turn++ % (last - first)];  // so that not one rank reads all of them
      format::append_varint(unsure, reader_of_it.rank);
      format::append_varint(unsure, reader_of_it.number);
    }
    return unsure;
  });
  if (orders.empty()) return;
  together(channel, [&] {
    for (format::ByteReader order(orders, "a message of rank 0"); !order.empty();) {
      const std::uint64_t rank = order.read_varint64(), number = order.read_varint64();
      if (rank != static_cast<std::uint64_t>(channel.rank())) continue;
      const bundle::detail::PartlyRead& each = partly[static_cast<std::size_t>(number)];
      static_cast<void>(reader.copy_stored(each.key, *each.entry, [](std::span<const std::byte>) {}));
    }
  });
}

}  // namespace CAIRN_NAMESPACE::mpi::detail
