// The bytes of one entry on their way from one bundle into another, checked as they pass.
//
// A file of the other byte order is turned around: numbers one by one; of strings the lengths' checksum, which is the
// only number among their bytes. A serialized variant may hold numbers anywhere, so variants are not.
#pragma once

#include "../../core/error.hpp"
#include "../../format/crc32c.hpp"
#include "../entry.hpp"
#include "numbers.hpp"
#include "shards.hpp"
#include "stored_bytes.hpp"
#include "string_tensor.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace cairn::bundle::detail {

// True for dtypes whose bytes this version can look into.
[[nodiscard]] inline bool is_readable(DType dtype) noexcept {
  return size_of(dtype) != 0 || dtype == DT_STRING || dtype == DT_VARIANT;
}

// Checks the bytes of a legal entry of strings or variants, and keeps none.
inline void verify_elements(const Shards& shards, std::string_view key, const bundle::Entry& entry, bool big_endian) {
  shards.with_bytes(key, entry, [&](StoredBytes stored) {
    const auto count = static_cast<std::uint64_t>(entry.shape.num_elements());
    if (entry.dtype == DT_STRING)
      detail::verify_strings(std::move(stored), count, entry.crc32c, big_endian);
    else
      detail::verify_variants(std::move(stored), count, entry.crc32c, big_endian);
  });
}

// Gives numbers to `append` as they are in the machine's byte order, and returns the masked checksum of those bytes.
template <class Append>
[[nodiscard]] std::uint32_t copy_numbers(const Shards& shards, std::string_view key, const bundle::Entry& entry,
                                         bool big_endian, Append append) {
  const bool as_is = swap_unit_of(entry.dtype) < 2 || big_endian == (std::endian::native == std::endian::big);
  return shards.with_bytes(key, entry, [&](StoredBytes stored) {
    std::uint32_t crc = 0, copied = 0;
    core::detail::Vec<std::byte> pieces(static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, io::piece_bytes)));
    for (std::uint64_t left = entry.size; left != 0;) {
      const std::span<std::byte> buffer(pieces.data(),
                                        static_cast<std::size_t>(std::min<std::uint64_t>(left, pieces.size())));
      stored.read(buffer);
      crc = format::extend_crc32c(crc, buffer);
      if (!as_is) {
        swap_numbers(buffer, swap_unit_of(entry.dtype), big_endian);
        copied = format::extend_crc32c(copied, buffer);
      }
      append(std::span<const std::byte>(buffer));
      left -= buffer.size();
    }
    require_checksum(stored, entry, crc);
    return as_is ? entry.crc32c : format::mask_crc(copied);
  });
}

// Bundle's Reader::copy_stored says what this promises.
template <class Append>
[[nodiscard]] std::uint32_t copy_stored(const Shards& shards, std::string_view key, const bundle::Entry& entry,
                                        bool big_endian, Append append) {
  const bool is_native = big_endian == (std::endian::native == std::endian::big);
  if (is_readable(entry.dtype))
    shards.require_legal(key, entry);
  else
    shards.require_shard(key, entry);
  if (size_of(entry.dtype) != 0) return copy_numbers(shards, key, entry, big_endian, std::move(append));
  if (!is_native && entry.dtype != DT_STRING)
    throw shards.refusal(key, ErrorCode::unimplemented,
                         "its bytes are those of a machine of the other byte order, and what they mean is not known "
                         "here; leave the tensor out");
  if (is_readable(entry.dtype)) verify_elements(shards, key, entry, big_endian);
  if (is_native) {
    shards.with_bytes(key, entry, [&](StoredBytes stored) { stored.for_each_piece(entry.size, append); });
    return entry.crc32c;
  }
  return shards.with_bytes(key, entry, [&](StoredBytes stored) {
    const auto count = static_cast<std::uint64_t>(entry.shape.num_elements());
    return detail::copy_strings(std::move(stored), count, big_endian, append);
  });
}

}  // namespace cairn::bundle::detail
