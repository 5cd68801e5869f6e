// The bytes of one entry on their way from one bundle into another, checked as they pass.
//
// A file of the other byte order is turned around: numbers one by one; of strings the lengths' checksum, which is the
// only number among their bytes. A serialized variant may hold numbers anywhere, so variants are not.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../entry.hpp"
#include "numbers.hpp"
#include "read_ahead.hpp"
#include "shards.hpp"
#include "stored_bytes.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// True for dtypes whose bytes this version can look into.
[[nodiscard]] inline bool is_readable(DType dtype) noexcept {
  return size_of(dtype) != 0 || dtype == DT_STRING || dtype == DT_VARIANT;
}

// Checks the bytes of a legal entry, and keeps none.
inline void verify_bytes(StoredBytes stored, const bundle::Entry& entry, bool big_endian) {
  const auto count = static_cast<std::uint64_t>(entry.shape.num_elements());
  if (entry.dtype == DT_STRING) return verify_strings(std::move(stored), count, entry.crc32c, big_endian);
  if (entry.dtype == DT_VARIANT) return verify_variants(std::move(stored), count, entry.crc32c, big_endian);
  const std::uint32_t crc = stored.pass(entry.size, 0);
  stored.require_checksum(entry.crc32c, format::mask_crc(crc));
}

// Gives numbers to `append` as they are in the machine's byte order, and returns the masked checksum of those bytes.
[[nodiscard]] inline std::uint32_t copy_numbers(StoredBytes stored, const bundle::Entry& entry, bool big_endian,
                                                AppendBytes append) {
  const bool as_is = swap_unit_of(entry.dtype) < 2 || big_endian == (std::endian::native == std::endian::big);
  std::uint32_t crc = 0, copied = 0;
  core::detail::Vec<std::byte> pieces(static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, io::piece_bytes)));
  while (stored.remaining() != 0) {
    const std::span<std::byte> buffer(
        pieces.data(), static_cast<std::size_t>(std::min<std::uint64_t>(stored.remaining(), pieces.size())));
    stored.read(buffer);
    crc = format::extend_crc32c(crc, buffer);
    if (!as_is) {
      swap_numbers(buffer, swap_unit_of(entry.dtype), big_endian);
      copied = format::extend_crc32c(copied, buffer);
    }
    append(buffer);
  }
  stored.require_checksum(entry.crc32c, format::mask_crc(crc));
  return as_is ? entry.crc32c : format::mask_crc(copied);
}

// Bundle's Reader::copy_stored says what this promises. With `ahead` the shard is read through it.
[[nodiscard]] inline std::uint32_t copy_stored(const Shards& shards, std::string_view key, const bundle::Entry& entry,
                                               bool big_endian, AppendBytes append, ReadAhead* ahead = nullptr) {
  const bool is_native = big_endian == (std::endian::native == std::endian::big);
  if (is_readable(entry.dtype))
    shards.require_legal(key, entry);
  else
    shards.require_shard(key, entry);
  StoredBytes stored = shards.bytes(key, entry);
  if (ahead != nullptr) {
    ahead->use(stored.file());
    stored.read_from(*ahead);
  }
  if (size_of(entry.dtype) != 0) return copy_numbers(std::move(stored), entry, big_endian, append);
  if (!is_native && entry.dtype != DT_STRING)
    shards.refuse(key, ErrorCode::unimplemented,
                  {"its bytes are those of a machine of the other byte order, and what they mean is not known "
                   "here; leave the tensor out"});
  if (is_readable(entry.dtype)) verify_bytes(stored, entry, big_endian);
  if (!is_native)
    return copy_strings(std::move(stored), static_cast<std::uint64_t>(entry.shape.num_elements()), append);
  while (stored.remaining() != 0) append(stored.next_piece(stored.remaining()));
  return entry.crc32c;
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
