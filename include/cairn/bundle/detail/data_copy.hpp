// Data files copied as they are, where tensors fill them from the first byte to the last: all bytes are checked on the
// way, each piece while it is in memory, and what was checked is what is written.
//
//   read     | piece              | piece              |
//   checked  | a | b | c          .   | d | "e" |
//   written  | piece              | piece              |
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/dtype.hpp"
#include "../../format/crc32c.hpp"
#include "../../io/file_system.hpp"
#include "../../io/threads.hpp"
#include "../index.hpp"
#include "copy_stored.hpp"
#include "new_shards.hpp"
#include "plain_entry.hpp"
#include "stored_bytes.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// The bytes of a tensor, or of a part of one, in a data file.
struct PlacedBytes {
  enum class Kind : std::uint8_t { numbers, strings, variants, unknown };

  std::uint64_t at = 0, size = 0, elements = 0;
  std::uint32_t crc32c = 0;  // masked
  std::int32_t shard = 0;
  Kind kind = Kind::numbers;

  [[nodiscard]] static PlacedBytes of(const PlainEntry& entry) noexcept {
    return {entry.offset,
            entry.size,
            entry.elements,
            entry.crc32c,
            entry.shard,
            size_of(entry.dtype) != 0   ? Kind::numbers
            : entry.dtype == DT_STRING  ? Kind::strings
            : entry.dtype == DT_VARIANT ? Kind::variants
                                        : Kind::unknown};
  }
  [[nodiscard]] bool is_before(const PlacedBytes& other) const noexcept {
    return shard != other.shard ? shard < other.shard : at < other.at;
  }
};

// Bytes in memory that are read as a file.
class BytesAsFile final : public io::ReadableFile {
 public:
  explicit BytesAsFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
  }

 private:
  std::span<const std::byte> bytes_;
};

// Copies one data file, in which the tensors lie one behind the other.
class DataCopy {
 public:
  // `path` names the file that is read, in messages. All must outlive it.
  DataCopy(const io::ReadableFile& in, const std::string& path, io::WritableFile& out)
      : in_(in), path_(path), out_(out) {}

  // How far the file is copied.
  [[nodiscard]] std::uint64_t end() const noexcept { return end_; }
  // Copies what lies behind that. Returns false where `items` do not, or are not what was saved; the file then holds
  // anything. Throws Error with ErrorCode::data_loss where they are not what was saved, too, and the codes of a failing
  // disk.
  [[nodiscard]] bool copy(std::span<const PlacedBytes> items) {
    const std::uint64_t begin = end_;
    for (const PlacedBytes& item : items) {
      if (item.at != end_ || item.size > in_.size() - end_) return false;
      end_ += item.size;
    }
    if (begin == end_) return true;
    constexpr std::size_t most_threads = 2;
    const std::size_t threads = io::threads_for(end_ - begin, most_threads);
    core::detail::Vec<Range> ranges(threads);
    for (std::size_t i = 0; i < threads; ++i) {
      ranges[i].begin = i == 0 ? begin : ranges[i - 1].end;
      ranges[i].end = i + 1 == threads ? end_ : border_near(items, begin + (end_ - begin) / threads * (i + 1));
    }
    bool is_right[io::max_threads];
    io::run_in_threads(threads, [&](std::size_t i) { is_right[i] = copy(items, ranges[i]); });
    for (std::size_t i = 0; i < threads; ++i)
      if (!is_right[i]) return false;
    return are_right(items, ranges);
  }

 private:
  // What a thread has of a tensor that is cut.
  struct Cut {
    std::size_t item;
    std::uint64_t size;
    std::uint32_t crc;
  };
  struct Range {
    std::uint64_t begin = 0, end = 0;
    std::size_t cuts = 0;
    Cut cut[2] = {};
  };

  [[nodiscard]] static std::size_t item_at(std::span<const PlacedBytes> items, std::uint64_t at) {
    return core::detail::lower_place(items.size(), [&](std::size_t i) { return items[i].at + items[i].size <= at; });
  }
  // Numbers may be cut, where a page of the file begins.
  [[nodiscard]] static std::uint64_t border_near(std::span<const PlacedBytes> items, std::uint64_t at) {
    constexpr std::uint64_t page = 4096;
    at = std::max(at / page * page, items.front().at);
    const PlacedBytes& item = items[item_at(items, at)];
    return item.kind == PlacedBytes::Kind::numbers || item.kind == PlacedBytes::Kind::unknown ? at
                                                                                              : item.at + item.size;
  }

  [[nodiscard]] bool copy(std::span<const PlacedBytes> items, Range& range) const {
    constexpr std::size_t unused = 64;  // away from where all pieces would be copied slowly (io/detail/slow_copy.hpp)
    core::detail::Vec<std::byte> memory(
        static_cast<std::size_t>(std::min<std::uint64_t>(range.end - range.begin, in_.best_piece())) + unused);
    const std::span<std::byte> buffer(memory.data() + unused, memory.size() - unused);
    std::size_t next = item_at(items, range.begin);
    std::uint32_t crc = 0;
    std::uint64_t verified = 0;  // up to here, because it did not fit into the buffer
    for (std::uint64_t at = range.begin; at < range.end;) {
      std::span<std::byte> piece =
          buffer.first(static_cast<std::size_t>(std::min<std::uint64_t>(range.end - at, buffer.size())));
      in_.read(at, piece);
      for (; next < items.size() && items[next].at < at + piece.size(); ++next) {
        const PlacedBytes& item = items[next];
        const std::uint64_t from = std::max(item.at, at), to = std::min(item.at + item.size, at + piece.size());
        const auto part = piece.subspan(static_cast<std::size_t>(from - at), static_cast<std::size_t>(to - from));
        const bool is_whole = part.size() == item.size;
        if (item.kind == PlacedBytes::Kind::numbers) {
          crc = format::extend_crc32c(crc, part);
          if (to != item.at + item.size && to != range.end) break;  // the next piece has more of it
          const std::uint64_t size = to - std::max(item.at, range.begin);
          if (size != item.size)
            range.cut[range.cuts++] = {next, size, crc};
          else if (format::mask_crc(crc) != item.crc32c)
            return false;
          crc = 0;
        } else if (item.kind != PlacedBytes::Kind::unknown && item.at >= verified) {
          if (!is_whole && item.at > at) {  // the next piece begins with it
            piece = piece.first(static_cast<std::size_t>(item.at - at));
            break;
          }
          const BytesAsFile bytes(part);
          verify(item, is_whole ? StoredBytes(bytes, 0, item.size, {}, path_)
                                : StoredBytes(in_, item.at, item.size, {}, path_));
          verified = item.at + item.size;
        }
        if (to != item.at + item.size) break;
      }
      out_.write(at, piece);
      at += piece.size();
    }
    return true;
  }
  static void verify(const PlacedBytes& item, StoredBytes bytes) {
    constexpr bool is_big = std::endian::native == std::endian::big;
    if (item.kind == PlacedBytes::Kind::strings)
      return verify_strings(std::move(bytes), item.elements, item.crc32c, is_big);
    verify_variants(std::move(bytes), item.elements, item.crc32c, is_big);
  }
  // Whether the tensors that are cut have their checksums.
  [[nodiscard]] static bool are_right(std::span<const PlacedBytes> items, std::span<const Range> ranges) {
    std::uint32_t crc = 0;
    std::uint64_t size = 0;
    for (const Range& range : ranges)
      for (const Cut& cut : std::span(range.cut, range.cuts)) {
        crc = size == 0 ? cut.crc : format::combine_crc32c(crc, cut.crc, cut.size);
        size += cut.size;
        if (size != items[cut.item].size) continue;
        if (format::mask_crc(crc) != items[cut.item].crc32c) return false;
        size = 0;
      }
    return size == 0;
  }

  const io::ReadableFile& in_;
  const std::string& path_;
  io::WritableFile& out_;
  std::uint64_t end_ = 0;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
