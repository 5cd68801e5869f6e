// The numbers of one entry where they lie in their shard, mapped into memory: no copy, and no call of read().
//
//   file:  | a | b, not aligned | c |        a and c as they are, b has to be copied
#pragma once

#include "../../core/detail/maps.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/dtype.hpp"
#include "../../format/crc32c.hpp"
#include "../../io/file_system.hpp"
#include "../../tensor/mapped_tensor.hpp"
#include "../entry.hpp"
#include "numbers.hpp"
#include "shards.hpp"

#include <bit>
#include <mutex>
#include <string_view>

namespace cairn::bundle::detail {

// Remembers what was checked already. May be used by several threads at the same time.
class MappedNumbers {
 public:
  // The bytes of a legal entry, which stays where it is; without an owner where they have to be copied: they are not
  // aligned for their dtype, or in another byte order, or the file cannot be mapped. With `verify` their checksum is
  // compared when they are first asked for. Throws Error as reading them does.
  [[nodiscard]] io::Mapping of(const Shards& shards, std::string_view key, const bundle::Entry& entry, bool big_endian,
                               bool verify) const {
    const bool is_swapped = big_endian != (std::endian::native == std::endian::big);
    if (is_swapped && swap_unit_of(entry.dtype) > 1) return {};
    io::Mapping mapped = shards.map(key, entry);
    if (mapped.owner == nullptr || !MappedTensor::is_aligned(entry.dtype, mapped.bytes)) return {};
    if (verify && !is_checked(entry)) {
      shards.with_bytes(key, entry, [&](const StoredBytes& stored) {
        require_checksum(stored, entry, format::crc32c(mapped.bytes));
      });
      const std::lock_guard lock(*mutex_);
      checked_[&entry] = true;
    }
    return mapped;
  }

 private:
  [[nodiscard]] bool is_checked(const bundle::Entry& entry) const {
    const std::lock_guard lock(*mutex_);
    return checked_.contains(&entry);
  }

  core::detail::Own<std::mutex> mutex_ = core::detail::make_own<std::mutex>();  // of checked_; so that this moves
  mutable core::detail::HashMap<const void*, bool> checked_;
};

}  // namespace cairn::bundle::detail
