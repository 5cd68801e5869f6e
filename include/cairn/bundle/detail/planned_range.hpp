// Planned tensors that lie one behind the other in a shard, written by one thread or by several, each on its own range
// of bytes. A large tensor may be cut between two: the checksums of its pieces are combined at the end, where it had
// none.
//
//   | a | b         | c | d |        two threads: | a | b, its first bytes |  the rest of b | c | d |
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../io/threads.hpp"
#include "../index.hpp"
#include "piece_writer.hpp"
#include "planned_bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace cairn::bundle::detail {

// In the order of the data file. Whoever plans keeps the keys: each once, and without a string of its own.
using PlannedEntries = core::detail::Vec<KeyedEntry>;

// Completes the checksums of the entries, whose offsets and sizes are known.
class PlannedRange {
 public:
  // `count` entries, one at least, and as many sources. Zeros behind each fill up what there is to the next multiple of
  // `alignment`.
  PlannedRange(KeyedEntry* entries, const PlannedBytes* sources, std::size_t count, std::uint64_t alignment)
      : entries_(entries), sources_(sources), count_(count), alignment_(alignment) {}

  // Throws what writing throws; the file then holds anything.
  void write(io::WritableFile& file, std::size_t threads) {
    const std::uint64_t begin = entry(0).offset;
    const std::uint64_t bytes = entry(count_ - 1).offset + entry(count_ - 1).size - begin;
    threads = io::threads_for(bytes, threads);
    core::detail::Vec<Place> borders(threads + 1);
    for (std::size_t i = 1; i < threads; ++i) {
      const Place near = border_near(begin + bytes / threads * i);
      borders[i] = near.is_before(borders[i - 1]) ? borders[i - 1] : near;
    }
    borders[threads] = {count_, 0};
    core::detail::Vec<core::detail::Vec<Piece>> cut(threads);
    io::run_in_threads(threads, [&](std::size_t i) { write(file, borders[i], borders[i + 1], cut[i]); });
    std::uint32_t crc = 0;
    for (const auto& pieces : cut)
      for (const Piece& piece : pieces) {
        crc = piece.begin == 0 ? piece.crc : format::combine_crc32c(crc, piece.crc, piece.size);
        if (piece.begin + piece.size == entry(piece.index).size) entry(piece.index).crc32c = format::mask_crc(crc);
      }
  }

 private:
  struct Place {
    std::size_t index = 0;    // of an entry
    std::uint64_t begin = 0;  // of what is meant of its bytes
    [[nodiscard]] bool is_before(const Place& other) const noexcept {
      return index != other.index ? index < other.index : begin < other.begin;
    }
  };
  struct Piece {
    std::size_t index;
    std::uint64_t begin, size;
    std::uint32_t crc;
  };

  [[nodiscard]] bundle::Entry& entry(std::size_t index) const { return entries_[index].entry; }

  // Where to cut near that offset in the file: in the middle of numbers, between two tensors where there are others.
  [[nodiscard]] Place border_near(std::uint64_t offset) const {
    constexpr std::uint64_t page = 4096;  // which two threads would both write to
    offset = offset / page * page;
    std::size_t behind = 0;  // the first entry that begins behind the offset
    for (std::size_t last = count_; behind < last;) {
      const std::size_t middle = behind + (last - behind) / 2;
      if (offset < entry(middle).offset)
        last = middle;
      else
        behind = middle + 1;
    }
    if (behind == 0) return {};
    const std::size_t index = behind - 1;
    const std::uint64_t begin = offset - entry(index).offset;
    if (begin == 0) return {index, 0};
    const PlannedBytes::Kind kind = sources_[index].kind();
    const bool is_cut =
        begin < entry(index).size && (kind == PlannedBytes::Kind::numbers || kind == PlannedBytes::Kind::stored);
    return is_cut ? Place{index, begin} : Place{index + 1, 0};
  }

  void write(io::WritableFile& file, const Place& from, const Place& to, core::detail::Vec<Piece>& cut) const {
    if (!from.is_before(to)) return;
    PieceWriter out(file, entry(from.index).offset + from.begin);
    for (Place at = from; at.is_before(to); at = {at.index + 1, 0}) {
      bundle::Entry& entry = this->entry(at.index);
      const std::uint64_t end = at.index == to.index ? to.begin : entry.size;
      if (at.begin == 0 && end == entry.size) {
        entry.crc32c = write_planned(sources_[at.index], entry, out);
      } else {
        const PlannedBytes& source = sources_[at.index];
        const auto bytes =
            source.bytes().subspan(static_cast<std::size_t>(at.begin), static_cast<std::size_t>(end - at.begin));
        if (source.kind() == PlannedBytes::Kind::stored)
          out.append(bytes);
        else
          cut.push_back({at.index, at.begin, end - at.begin, write_numbers(bytes, 0, out)});
      }
      if (end == entry.size) out.append_zeros((alignment_ - entry.size % alignment_) % alignment_);
    }
    out.flush();
  }

  KeyedEntry* entries_;
  const PlannedBytes* sources_;
  std::size_t count_;
  std::uint64_t alignment_;
};

}  // namespace cairn::bundle::detail
