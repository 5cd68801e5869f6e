// The numbers of one entry, brought from its shard into memory: all of them, or those of a box.
//
//   TensorPart { entry, box }    the elements of `box` lie row by row at entry.offset
//
// A checksum covers all bytes of an entry, so that a few of them can be checked only by reading the others as well.
// That is what TensorFlow does with each part that a slice touches, and what read_box does; read_box_unchecked reads
// what is asked for and nothing else.
#pragma once

#include "../../core/detail/function_ref.hpp"
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

namespace CAIRN_NAMESPACE::bundle::detail {

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

// Every number of a legal entry, into memory of exactly its size.
inline void read_numbers(StoredBytes stored, const bundle::Entry& entry, bool big_endian, std::span<std::byte> out) {
  std::uint32_t crc = 0;
  const std::size_t size = stored.best_piece();
  for (std::size_t begin = 0; begin < out.size(); begin += size) {
    const auto piece = out.subspan(begin, std::min(size, out.size() - begin));
    stored.read(piece);
    crc = format::extend_crc32c(crc, piece);
  }
  stored.require_checksum(entry.crc32c, format::mask_crc(crc));
  swap_numbers(out, swap_unit_of(entry.dtype), big_endian);
}

// Takes a piece of a tensor, whose first byte is so many bytes behind the tensor's first.
using UsePiece = core::detail::FunctionRef<void(std::uint64_t position, std::span<const std::byte> piece)>;

// Reads every byte of the part, checks them, and puts those into `out` that lie in `wanted`; `out` is what `wanted`
// takes. With `use`, `out` is a buffer of io::piece_bytes instead, and `*use` gets each piece. The checksum is known to
// be right only at the end.
inline void read_box(StoredBytes stored, const TensorPart& part, const Box& wanted, bool big_endian,
                     std::span<std::byte> out, const UsePiece* use = nullptr) {
  const std::size_t element = size_of(part.entry->dtype);
  std::uint32_t crc = 0;
  std::uint64_t at = 0;
  for (CommonRuns runs(part.box, wanted); runs.next();) {
    crc = stored.pass(runs.in_a * element - at, crc);
    at = (runs.in_a + runs.length) * element;
    for (std::size_t begin = 0; begin < runs.length * element;) {
      const std::size_t position = runs.in_b * element + begin;
      const std::span<std::byte> piece =
          out.subspan(use == nullptr ? position : 0, std::min(io::piece_bytes, runs.length * element - begin));
      stored.read(piece);
      crc = format::extend_crc32c(crc, piece);
      swap_numbers(piece, swap_unit_of(part.entry->dtype), big_endian);
      if (use != nullptr) (*use)(position, piece);
      begin += piece.size();
    }
  }
  crc = stored.pass(part.entry->size - at, crc);
  stored.require_checksum(part.entry->crc32c, format::mask_crc(crc));
}

// Reads only what `part` has of `wanted`, and does not check it. `out` is what `wanted` takes.
inline void read_box_unchecked(const Shards& shards, std::string_view key, const TensorPart& part, const Box& wanted,
                               bool big_endian, std::span<std::byte> out) {
  const std::size_t element = size_of(part.entry->dtype);
  // Runs this close are read in one go, gap and all: a call costs more than the bytes.
  constexpr std::uint64_t near_bytes = 4096;
  CommonRuns runs(part.box, wanted), ahead(part.box, wanted);
  for (bool more = ahead.next(); more;) {
    // [begin, end) are runs that are read together.
    const std::uint64_t begin = ahead.in_a * element;
    std::uint64_t end = begin;
    while (more && ahead.in_a * element - end <= near_bytes) {
      end = (ahead.in_a + ahead.length) * element;
      more = ahead.next();
    }
    StoredBytes stored = shards.bytes(key, *part.entry, begin, end - begin);
    for (std::uint64_t at = begin; at != end;) {
      static_cast<void>(runs.next());
      (void)stored.pass(runs.in_a * element - at, 0);
      const auto place = out.subspan(runs.in_b * element, runs.length * element);
      stored.read(place);
      swap_numbers(place, swap_unit_of(part.entry->dtype), big_endian);
      at = (runs.in_a + runs.length) * element;
    }
  }
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
