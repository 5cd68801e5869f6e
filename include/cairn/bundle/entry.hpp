// Entry: where the bytes of a tensor are. It is the value that the index stores under the tensor's key.
//
//   key "model/kernel/.ATTRIBUTES/VARIABLE_VALUE"  ->  Entry { dtype, shape, shard, offset, size, crc32c }
//
// An entry that was read from a file may hold any numbers. A Reader checks it against dtype, shape and the size of the
// shard before it uses the entry.
#pragma once

#include "../core/detail/rare.hpp"
#include "../core/detail/vec.hpp"
#include "../core/dtype.hpp"
#include "../core/shape.hpp"
#include "../format/bundle_messages.hpp"

#include <cstdint>
#include <limits>
#include <optional>

namespace cairn::bundle {

using format::SliceExtent;
using format::TensorSlice;

// The place, type and checksum of one tensor, or of one part of a partitioned tensor.
struct Entry {
  DType dtype = DT_INVALID;
  // The number of the data file, counted from 0.
  std::int32_t shard = 0;
  Shape shape;
  // The first byte of the tensor in the data file.
  std::uint64_t offset = 0;
  // The number of bytes in the data file. Where elements have no fixed size, dtype and shape do not determine it.
  std::uint64_t size = 0;
  std::uint32_t crc32c = 0;  // masked, as it is stored (format/crc32c.hpp)
  // No writer sets this; a tensor of unknown rank cannot be read.
  bool unknown_rank = false;
  // The parts of a partitioned tensor; empty for any other. Where there are parts, `shape` is that of the whole tensor,
  // and `offset`, `size` and `crc32c` mean nothing.
  core::detail::Vec<TensorSlice> slices;
  // The fields of newer versions of the format, undecoded; they survive a rewrite.
  core::detail::RareText unknown_fields = {};

  // Returns the number of bytes that dtype and shape ask for; nullopt for strings, variants and an unknown rank, and
  // where that number does not fit into 64 bits.
  [[nodiscard]] std::optional<std::uint64_t> byte_count() const noexcept {
    const auto count = shape.checked_num_elements();
    const std::uint64_t element = size_of(dtype);
    if (!count || element == 0 || unknown_rank) return std::nullopt;
    if (static_cast<std::uint64_t>(*count) > std::numeric_limits<std::uint64_t>::max() / element) return std::nullopt;
    return static_cast<std::uint64_t>(*count) * element;
  }

  // Returns true when the bytes lie inside a shard of `shard_size` bytes and `size` is the number that dtype and shape
  // ask for. Strings and variants have no fixed size; for them only the end is checked. Any numbers are safe.
  [[nodiscard]] bool fits(std::uint64_t shard_size) const noexcept {
    if (offset > shard_size || size > shard_size - offset) return false;
    if (dtype == DT_STRING || dtype == DT_VARIANT) return shape.checked_num_elements().has_value() && !unknown_rank;
    return byte_count() == size;
  }

  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace cairn::bundle
