// Tensors that are planned: their entries in the order of the data files, and where their bytes come from. A run of them
// in one shard is written by one thread or by several, each on its own range of bytes. A large tensor may be cut between
// two: the checksums of its pieces are combined at the end, where it had none.
//
//   | a | b         | c | d |        two threads: | a | b, its first bytes |  the rest of b | c | d |
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../io/threads.hpp"
#include "../../tensor/tensor_view.hpp"
#include "../index.hpp"
#include "piece_writer.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// In the order of the data file. Whoever plans keeps the keys: each once, and without a string of its own.
using PlannedEntries = core::detail::Vec<KeyedEntry>;

// Bytes that are not in memory, or not one behind the other there. Each kind of them is a class, which is in a program
// that plans such bytes.
class PlannedSource {
 public:
  PlannedSource() = default;
  PlannedSource(const PlannedSource&) = delete;
  PlannedSource& operator=(const PlannedSource&) = delete;
  virtual ~PlannedSource() = default;

  // Writes the entry's bytes and returns their masked checksum. Throws what writing and the source throw.
  [[nodiscard]] virtual std::uint32_t write(const bundle::Entry& entry, PieceWriter& out) const = 0;
};

// The bytes of an entry before they are written: the numbers or the strings of a tensor, bytes whose checksum the entry
// has, or a source. The entry of a partitioned tensor has none.
struct PlannedBytes {
  enum class Kind : std::uint8_t { numbers, scattered, strings, stored, source };

  const void* data = nullptr;  // of std::byte or std::string, or ScatteredElements
  std::size_t size = 0;        // in bytes or strings
  core::detail::Own<const PlannedSource> source = {};
  Kind kind = Kind::numbers;

  [[nodiscard]] static PlannedBytes of(const TensorView& tensor) {
    if (tensor.dtype() == DT_STRING) return {tensor.strings().data(), tensor.strings().size(), {}, Kind::strings};
    if (tensor.scattered() != nullptr) return {tensor.scattered(), tensor.scattered()->size(), {}, Kind::scattered};
    return {tensor.bytes().data(), tensor.bytes().size()};
  }
  // Of numbers and stored bytes.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return {static_cast<const std::byte*>(data), size};
  }
};

// The entry of a tensor, but for where it lies.
[[nodiscard]] inline bundle::Entry entry_of(const TensorView& tensor) {
  bundle::Entry entry;
  entry.dtype = tensor.dtype();
  entry.shape = tensor.shape();
  entry.size = tensor.dtype() == DT_STRING ? encoded_size(tensor.strings()) : tensor::detail::bytes_of(tensor);
  return entry;
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

[[nodiscard]] inline std::uint32_t write_scattered(const tensor::detail::ScatteredElements& elements, std::size_t begin,
                                                   std::size_t size, std::uint32_t crc, PieceWriter& out) {
  core::detail::Vec<std::byte> buffer(std::min(size, io::piece_bytes / 4));
  while (size > 0) {
    const std::span<std::byte> piece(buffer.data(), std::min(size, buffer.size()));
    elements.gather(begin, piece);
    crc = format::extend_crc32c(crc, piece);
    out.append(piece);
    begin += piece.size();
    size -= piece.size();
  }
  return crc;
}
// `size` bytes from `begin` on; returns the checksum that `crc` becomes by them.
[[nodiscard]] inline std::uint32_t write_numbers(const PlannedBytes& planned, std::size_t begin, std::size_t size,
                                                 std::uint32_t crc, PieceWriter& out) {
  if (planned.kind != PlannedBytes::Kind::scattered)
    return write_numbers(planned.bytes().subspan(begin, size), crc, out);
  return write_scattered(*static_cast<const tensor::detail::ScatteredElements*>(planned.data), begin, size, crc, out);
}

// Writes the entry's bytes and returns its masked checksum. Throws what writing and the source throw.
[[nodiscard]] inline std::uint32_t write_planned(const PlannedBytes& planned, const bundle::Entry& entry,
                                                 PieceWriter& out) {
  switch (planned.kind) {
    case PlannedBytes::Kind::numbers:
    case PlannedBytes::Kind::scattered:
      break;
    case PlannedBytes::Kind::strings:
      return encode_strings({static_cast<const std::string*>(planned.data), planned.size},
                            [&](std::span<const std::byte> bytes) { out.append(bytes); });
    case PlannedBytes::Kind::stored:
      out.append(planned.bytes());
      return entry.crc32c;
    case PlannedBytes::Kind::source:
      return planned.source->write(entry, out);
  }
  return format::mask_crc(write_numbers(planned, 0, planned.size, 0, out));
}

// Planned tensors that lie one behind the other in a shard: one entry at least, and its bytes for each. Zeros behind
// each tensor fill up what there is to the next multiple of the alignment.
class PlannedRange {
 public:
  PlannedRange(KeyedEntry* entries, const PlannedBytes* sources, std::size_t count, std::uint64_t alignment)
      : entries_(entries), sources_(sources), count_(count), alignment_(alignment) {}

  // Writes the bytes and completes the checksums of the entries, whose offsets and sizes are known. Throws what writing
  // throws; the file then holds anything.
  void write(io::WritableFile& file, std::size_t threads) {
    const std::uint64_t begin = entry(0).offset;
    const std::uint64_t bytes = entry(count_ - 1).offset + entry(count_ - 1).size - begin;
    threads = io::threads_for(bytes, threads);
    // The range of each thread, with the checksums of the two tensors that it may have a part of only.
    core::detail::Vec<Range> ranges(threads + 1);
    for (std::size_t i = 1; i < threads; ++i) {
      ranges[i].begin = border_near(begin + bytes / threads * i);
      if (ranges[i].begin.is_before(ranges[i - 1].begin)) ranges[i].begin = ranges[i - 1].begin;
    }
    ranges[threads].begin = {count_, 0};
    io::run_in_threads(threads, [&](std::size_t i) { write(file, ranges[i], ranges[i + 1].begin); });
    std::uint32_t crc = 0;
    for (const Range& range : ranges)
      for (std::size_t i = 0; i < range.cut; ++i) {
        const Piece& piece = range.pieces[i];
        crc = piece.place.offset == 0 ? piece.crc : format::combine_crc32c(crc, piece.crc, piece.size);
        if (piece.place.offset + piece.size == entry(piece.place.index).size)
          entry(piece.place.index).crc32c = format::mask_crc(crc);
      }
  }

 private:
  struct Place {
    std::size_t index = 0;     // of an entry
    std::uint64_t offset = 0;  // in its bytes
    [[nodiscard]] bool is_before(const Place& other) const noexcept {
      return index != other.index ? index < other.index : offset < other.offset;
    }
  };
  struct Piece {
    Place place;
    std::uint64_t size;
    std::uint32_t crc;
  };
  struct Range {
    Place begin;
    std::size_t cut = 0;  // the number of tensors that it has a part of
    Piece pieces[2];
  };

  [[nodiscard]] bundle::Entry& entry(std::size_t index) const { return entries_[index].entry; }

  // Where to cut near that offset in the file: in the middle of numbers, between two tensors where there are others.
  [[nodiscard]] Place border_near(std::uint64_t offset) const {
    constexpr std::uint64_t page = 4096;  // which two threads would both write to
    offset = offset / page * page;
    const std::size_t behind =
        core::detail::lower_place(count_, [&](std::size_t i) { return entry(i).offset <= offset; });
    if (behind == 0) return {};
    const std::size_t index = behind - 1;
    const std::uint64_t begin = offset - entry(index).offset;
    if (begin == 0) return {index, 0};
    const PlannedBytes::Kind kind = sources_[index].kind;
    const bool is_cut = begin < entry(index).size &&
                        (kind == PlannedBytes::Kind::numbers || kind == PlannedBytes::Kind::stored ||
                         (kind == PlannedBytes::Kind::scattered && !scattered(index)->is_beside(scattered(index))));
    return is_cut ? Place{index, begin} : Place{index + 1, 0};
  }

  void write(io::WritableFile& file, Range& range, const Place& to) const {
    if (!range.begin.is_before(to)) return;
    PieceWriter out(file, entry(range.begin.index).offset + range.begin.offset);
    for (Place at = range.begin; at.is_before(to); at = {at.index + 1, 0}) {
      if (const std::size_t count = at.offset == 0 ? write_columns(file, at.index, to.index, out) : 0; count != 0) {
        at.index += count - 1;
        continue;
      }
      bundle::Entry& entry = this->entry(at.index);
      const PlannedBytes& source = sources_[at.index];
      const std::uint64_t end = at.index == to.index ? to.offset : entry.size;
      if (at.offset == 0 && end == entry.size) {
        entry.crc32c = write_planned(source, entry, out);
      } else {
        const auto begin = static_cast<std::size_t>(at.offset), size = static_cast<std::size_t>(end - at.offset);
        if (source.kind == PlannedBytes::Kind::stored)
          out.append(source.bytes().subspan(begin, size));
        else
          range.pieces[range.cut++] = {at, size, write_numbers(source, begin, size, 0, out)};
      }
      if (end == entry.size) out.append_zeros(padding(entry));
    }
    out.flush();
  }

  [[nodiscard]] std::uint64_t padding(const bundle::Entry& entry) const noexcept {
    return (alignment_ - entry.size % alignment_) % alignment_;
  }

  [[nodiscard]] const tensor::detail::ScatteredElements* scattered(std::size_t index) const noexcept {
    const PlannedBytes& source = sources_[index];
    if (source.kind != PlannedBytes::Kind::scattered) return nullptr;
    return static_cast<const tensor::detail::ScatteredElements*>(source.data);
  }
  // Writes the entries from there on that lie beside each other in memory, and returns how many; 0 where there are not
  // several, or so few numbers that one after the other is as good.
  std::size_t write_columns(io::WritableFile& file, std::size_t first, std::size_t last, PieceWriter& out) const {
    constexpr std::size_t worth_a_call = std::size_t{64} << 10;
    if (scattered(first) == nullptr || scattered(first)->size() < worth_a_call) return 0;
    std::size_t behind = first;
    while (behind < last && scattered(first)->is_beside(scattered(behind))) ++behind;
    if (behind <= first + 1) return 0;
    out.flush();
    std::size_t bytes = 0;  // of a row
    for (std::size_t i = first; i < behind; ++i) bytes += scattered(i)->row_bytes();
    const std::size_t all = entry(first).size / scattered(first)->row_bytes();
    const std::size_t block = tensor::detail::rows_of_block(bytes);
    core::detail::Vec<std::byte> buffer(std::min(all, block) * bytes);
    for (std::size_t row = 0; row < all; row += block)
      for (std::size_t i = first; i < behind; ++i) {
        const std::size_t size = scattered(i)->row_bytes();
        const std::span<std::byte> piece(buffer.data(), std::min(all - row, block) * size);
        scattered(i)->gather(row * size, piece);
        entry(i).crc32c = format::extend_crc32c(row == 0 ? 0 : entry(i).crc32c, piece);
        file.write(entry(i).offset + row * size, piece);
      }
    for (std::size_t i = first; i < behind; ++i) {
      entry(i).crc32c = format::mask_crc(entry(i).crc32c);
      out.move_to(entry(i).offset + entry(i).size);
      out.append_zeros(padding(entry(i)));
      out.flush();
    }
    return behind - first;
  }

  KeyedEntry* entries_;
  const PlannedBytes* sources_;
  std::size_t count_;
  std::uint64_t alignment_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
