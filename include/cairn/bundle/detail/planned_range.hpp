// Planned tensors that lie one behind the other in a shard, written by one thread or by several, each on its own range
// of bytes. A large tensor may be cut between two: the checksums of its pieces are combined at the end, where it had
// none.
//
//   | a | b         | c | d |        two threads: | a | b, its first bytes |  the rest of b | c | d |
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../io/threads.hpp"
#include "../entry.hpp"
#include "piece_writer.hpp"
#include "planned_bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

namespace cairn::bundle::detail {

// In the order of the data file. Whoever plans keeps the keys: each once, and without a string of its own.
using PlannedEntries = core::detail::Vec<std::pair<std::string_view, bundle::Entry>>;

// Completes the checksums of the entries, whose offsets and sizes are known.
class PlannedRange {
 public:
  // `sources` belong to the entries, and zeros behind each fill up what there is to the next multiple of `alignment`.
  // There is one at least.
  PlannedRange(std::span<PlannedEntries::value_type> entries, std::span<const PlannedBytes> sources,
               std::uint64_t alignment)
      : entries_(entries), sources_(sources), alignment_(alignment) {}

  // Throws what writing throws; the file then holds anything.
  void write(io::WritableFile& file, std::size_t threads) {
    const std::uint64_t begin = entry(0).offset;
    const std::uint64_t bytes = entry(entries_.size() - 1).offset + entry(entries_.size() - 1).size - begin;
    threads = io::threads_for(bytes, threads);
    core::detail::Vec<Place> borders(threads + 1);
    for (std::size_t i = 1; i < threads; ++i)
      borders[i] = std::max(borders[i - 1], border_near(begin + bytes / threads * i));
    borders[threads] = {entries_.size(), 0};
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
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Piece {
    std::size_t index;
    std::uint64_t begin, size;
    std::uint32_t crc;
  };

  [[nodiscard]] bundle::Entry& entry(std::size_t index) const { return entries_[index].second; }

  // Where to cut near that offset in the file: in the middle of numbers, between two tensors where there are others.
  [[nodiscard]] Place border_near(std::uint64_t offset) const {
    constexpr std::uint64_t page = 4096;  // which two threads would both write to
    offset = offset / page * page;
    const auto behind =
        std::upper_bound(entries_.begin(), entries_.end(), offset,
                         [](std::uint64_t wanted, const auto& item) { return wanted < item.second.offset; });
    if (behind == entries_.begin()) return {};
    const auto index = static_cast<std::size_t>(behind - entries_.begin()) - 1;
    const std::uint64_t begin = offset - entry(index).offset;
    if (begin == 0) return {index, 0};
    const bool is_cut = begin < entry(index).size && (std::holds_alternative<PlannedNumbers>(sources_[index]) ||
                                                      std::holds_alternative<PlannedStored>(sources_[index]));
    return is_cut ? Place{index, begin} : Place{index + 1, 0};
  }

  void write(io::WritableFile& file, const Place& from, const Place& to, core::detail::Vec<Piece>& cut) const {
    if (from == to) return;
    PieceWriter out(file, entry(from.index).offset + from.begin);
    for (Place at = from; at < to; at = {at.index + 1, 0}) {
      bundle::Entry& entry = this->entry(at.index);
      const std::uint64_t end = at.index == to.index ? to.begin : entry.size;
      if (at.begin == 0 && end == entry.size) {
        std::visit([&](const auto& source) { entry.crc32c = write_planned(source, entry, out); }, sources_[at.index]);
      } else {
        const auto* const stored = std::get_if<PlannedStored>(&sources_[at.index]);
        const auto all = stored != nullptr ? stored->bytes : std::get<PlannedNumbers>(sources_[at.index]).bytes;
        const auto bytes = all.subspan(static_cast<std::size_t>(at.begin), static_cast<std::size_t>(end - at.begin));
        if (stored != nullptr)
          out.append(bytes);
        else
          cut.push_back({at.index, at.begin, end - at.begin, write_numbers(bytes, 0, out)});
      }
      if (end == entry.size) out.append_zeros((alignment_ - entry.size % alignment_) % alignment_);
    }
    out.flush();
  }

  std::span<PlannedEntries::value_type> entries_;
  std::span<const PlannedBytes> sources_;
  std::uint64_t alignment_;
};

}  // namespace cairn::bundle::detail
