// The numbers of one entry, brought from its shard into memory: all of them, or those of a box.
//
//   TensorPart { entry, box }    the elements of `box` lie row by row at entry.offset
//
// A checksum covers all bytes of an entry, so that a few of them can be checked only by reading the others as well.
// That is what TensorFlow does with each part that a slice touches, and what read_box does; read_box_unchecked reads
// what is asked for and nothing else.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../core/dtype.hpp"
#include "../../format/crc32c.hpp"
#include "../entry.hpp"
#include "shards.hpp"
#include "slice.hpp"
#include "stored_bytes.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace cairn::bundle::detail {

struct TensorPart {
  const bundle::Entry* entry;
  Box box;  // in the whole tensor
};

// Brings numbers of `unit` bytes from a file of that byte order into the machine's, or back. Whole numbers only.
inline void swap_numbers(std::span<std::byte> bytes, std::size_t unit, bool big_endian) {
  if (unit < 2 || big_endian == (std::endian::native == std::endian::big)) return;
  for (std::byte *number = bytes.data(), *const end = number + bytes.size(); number != end; number += unit)
    for (std::size_t i = 0; i < unit / 2; ++i) std::swap(number[i], number[unit - 1 - i]);
}

inline void require_checksum(const StoredBytes& stored, const bundle::Entry& entry, std::uint32_t crc) {
  if (format::mask_crc(crc) != entry.crc32c) stored.fail_checksum(entry.crc32c, format::mask_crc(crc));
}

// Every number of a legal entry, into memory of exactly its size.
inline void read_numbers(const Shards& shards, std::string_view key, const bundle::Entry& entry, bool big_endian,
                         std::span<std::byte> out) {
  shards.with_bytes(key, entry, [&](StoredBytes stored) {
    std::uint32_t crc = 0;
    for (std::size_t begin = 0; begin < out.size(); begin += io::piece_bytes) {
      const auto piece = out.subspan(begin, std::min(io::piece_bytes, out.size() - begin));
      stored.read(piece);
      crc = format::extend_crc32c(crc, piece);
    }
    require_checksum(stored, entry, crc);
  });
  swap_numbers(out, swap_unit_of(entry.dtype), big_endian);
}

// Reads every byte of the part, checks them, and keeps those that lie in `wanted`. `room(position, size)` says where
// up to `size` bytes go that stand `position` bytes behind the first of `wanted`; `done` is called with each such place
// once it is filled. The checksum is known to be right only at the end.
template <class Room, class Done>
void read_box(const Shards& shards, std::string_view key, const TensorPart& part, const Box& wanted, bool big_endian,
              Room room, Done done) {
  const std::size_t element = size_of(part.entry->dtype);
  shards.with_bytes(key, *part.entry, [&](StoredBytes stored) {
    std::uint32_t crc = 0;
    std::uint64_t at = 0;
    const auto pass_to = [&](std::uint64_t position) {
      stored.for_each_piece(position - at,
                            [&](std::span<const std::byte> piece) { crc = format::extend_crc32c(crc, piece); });
      at = position;
    };
    for_each_common_run(part.box, wanted, [&](std::size_t from, std::size_t to, std::size_t length) {
      pass_to(from * element);
      for (std::size_t begin = 0; begin < length * element;) {
        const std::span<std::byte> piece =
            room(to * element + begin, std::min(io::piece_bytes, length * element - begin));
        stored.read(piece);
        crc = format::extend_crc32c(crc, piece);
        swap_numbers(piece, swap_unit_of(part.entry->dtype), big_endian);
        done(to * element + begin, piece);
        begin += piece.size();
      }
      at += length * element;
    });
    pass_to(part.entry->size);
    require_checksum(stored, *part.entry, crc);
  });
}

// Reads only what `part` has of `wanted`, and does not check it. `out` is what `wanted` takes.
inline void read_box_unchecked(const Shards& shards, std::string_view key, const TensorPart& part, const Box& wanted,
                               bool big_endian, std::span<std::byte> out) {
  const std::size_t element = size_of(part.entry->dtype);
  // Runs this close are read in one go, gap and all: a call costs more than the bytes.
  constexpr std::uint64_t near_bytes = 4096;
  constexpr std::size_t max_runs = 1024;
  struct Run {
    std::uint64_t from, to, size;  // in bytes
  };
  core::detail::Vec<Run> runs;
  const auto flush = [&] {
    if (runs.empty()) return;
    std::uint64_t at = runs.front().from;
    const std::uint64_t end = runs.back().from + runs.back().size;
    shards.with_bytes(key, *part.entry, at, end - at, [&](StoredBytes stored) {
      for (const Run& run : runs) {
        stored.for_each_piece(run.from - at, [](std::span<const std::byte>) {});
        const auto place = out.subspan(static_cast<std::size_t>(run.to), static_cast<std::size_t>(run.size));
        stored.read(place);
        swap_numbers(place, swap_unit_of(part.entry->dtype), big_endian);
        at = run.from + run.size;
      }
    });
    runs.clear();
  };
  for_each_common_run(part.box, wanted, [&](std::size_t from, std::size_t to, std::size_t length) {
    const Run run{from * element, to * element, length * element};
    if (!runs.empty()) {
      const bool is_near = run.from - (runs.back().from + runs.back().size) <= near_bytes;
      if (!is_near || runs.size() == max_runs) flush();
    }
    runs.push_back(run);
  });
  flush();
}

inline void verify_numbers(const Shards& shards, std::string_view key, const bundle::Entry& entry) {
  shards.with_bytes(key, entry, [&](StoredBytes stored) {
    std::uint32_t crc = 0;
    stored.for_each_piece(entry.size,
                          [&](std::span<const std::byte> piece) { crc = format::extend_crc32c(crc, piece); });
    require_checksum(stored, entry, crc);
  });
}

}  // namespace cairn::bundle::detail
