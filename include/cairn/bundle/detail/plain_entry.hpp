// An entry of an index as every writer of today writes that of a tensor or a part, read where it lies: its numbers, and
// where the one of its data file stands. Nothing is allocated, and a merge of many bundles changes that number alone.
//
//   | 1: dtype | 2: shape | 3: shard | 4: offset | 5: size | 6: crc32c |
//                         ^ shard_begin, shard_end
#pragma once

#include "../../core/dtype.hpp"
#include "../../format/varint.hpp"
#include "../index.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

struct PlainEntry {
  DType dtype = DT_INVALID;
  std::int32_t shard = 0;
  std::uint64_t elements = 1;  // of the shape, whose extents are all there
  std::uint64_t offset = 0, size = 0;
  std::uint32_t crc32c = 0;  // masked
  std::size_t shard_begin = 0, shard_end = 0;

  // True where the elements are numbers, and take as many bytes as the entry says.
  [[nodiscard]] bool has_numbers() const noexcept {
    const std::uint64_t element = size_of(dtype);
    return element != 0 && elements <= std::numeric_limits<std::uint64_t>::max() / element &&
           elements * element == size;
  }
};

// Reads what stands at the beginning of `bytes`, and takes it away.
class PlainReader {
 public:
  explicit PlainReader(std::string_view bytes) noexcept
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  [[nodiscard]] bool empty() const noexcept { return at_ == end_; }
  [[nodiscard]] std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  // These are false where something else stands there.
  [[nodiscard]] bool tag(unsigned char wanted) noexcept {
    if (at_ == end_ || static_cast<unsigned char>(*at_) != wanted) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] bool number(std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 63; shift += 7) {  // nine bytes: a tenth is for negative numbers
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= std::uint64_t{byte & 127u} << shift;
      if (byte < 128) return true;
    }
    return false;
  }
  [[nodiscard]] bool message(PlainReader& inside) noexcept {
    std::uint64_t size = 0;
    if (!number(size) || size > static_cast<std::uint64_t>(end_ - at_)) return false;
    inside = PlainReader({at_, static_cast<std::size_t>(size)});
    at_ += size;
    return true;
  }
  [[nodiscard]] bool fixed32(std::uint32_t& value) noexcept {
    if (end_ - at_ < 4) return false;
    value = format::ByteReader(std::string_view(at_, 4)).read_fixed32();
    at_ += 4;
    return true;
  }

 private:
  const char* begin_;
  const char* at_;
  const char* end_;
};

// Returns false for an entry of any other form, which decode_entry() has to look at.
[[nodiscard]] inline bool read_plain_entry(std::string_view value, PlainEntry& entry) noexcept {
  entry = {};
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  PlainReader fields(value), shape(value), dim(value);
  std::uint64_t number = 0;
  if (!fields.tag(0x08) || !fields.number(number) || number > 100) return false;
  entry.dtype = static_cast<DType>(number);
  if (!fields.tag(0x12) || !fields.message(shape)) return false;
  while (!shape.empty()) {
    std::uint64_t extent = 0;  // which is left out
    if (!shape.tag(0x12) || !shape.message(dim)) return false;
    if (!dim.empty() && !(dim.tag(0x08) && dim.number(extent) && dim.empty())) return false;
    if (extent != 0 && entry.elements > most / extent) return false;
    entry.elements *= extent;
  }
  entry.shard_begin = fields.position();
  if (fields.tag(0x18)) {
    if (!fields.number(number) || number > std::numeric_limits<std::int32_t>::max()) return false;
    entry.shard = static_cast<std::int32_t>(number);
  }
  entry.shard_end = fields.position();
  if (fields.tag(0x20) && !fields.number(entry.offset)) return false;
  if (fields.tag(0x28) && !fields.number(entry.size)) return false;
  if (fields.tag(0x35) && !fields.fixed32(entry.crc32c)) return false;
  return fields.empty();
}

// Appends the entry with another number of its data file.
inline void append_with_shard(std::string& out, std::string_view value, const PlainEntry& entry, std::int32_t shard) {
  out += value.substr(0, entry.shard_begin);
  if (shard != 0) {
    out += '\x18';
    format::append_varint(out, static_cast<std::uint64_t>(shard));
  }
  out += value.substr(entry.shard_end);
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
