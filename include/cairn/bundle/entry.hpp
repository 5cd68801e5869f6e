// Where a tensor's bytes are: the value stored in the index under the tensor's key.
//
//   key "model/kernel/.ATTRIBUTES/VARIABLE_VALUE"  ->  Entry { dtype, shape, shard, offset, size, crc32c }
//
// An entry read from a file may hold any numbers; it is checked against dtype, shape and shard before anybody uses it.
#pragma once

#include "../core/dtype.hpp"
#include "../core/rare.hpp"
#include "../core/shape.hpp"
#include "../format/bundle_messages.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace cairn::bundle {

using format::SliceExtent;
using format::TensorSlice;

struct Entry {
  DType dtype = DT_INVALID;
  std::int32_t shard = 0;
  Shape shape;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;     // bytes in the shard; not what dtype and shape ask for where elements have no fixed size
  std::uint32_t crc32c = 0;   // masked, as it is stored
  bool unknown_rank = false;  // never written by anybody; such a tensor cannot be read
  // Not empty for a partitioned tensor: then shape is the whole tensor's, and offset, size and crc32c mean nothing.
  std::vector<TensorSlice> slices;
  detail::RareText unknown_fields = {};  // of newer versions of the format, as they stood; they survive rewriting

  // What dtype and shape ask for. nullopt for strings and variants, and where there is no such number.
  [[nodiscard]] std::optional<std::uint64_t> byte_count() const noexcept {
    const auto count = shape.checked_num_elements();
    const std::uint64_t element = size_of(dtype);
    if (!count || element == 0 || unknown_rank) return std::nullopt;
    if (static_cast<std::uint64_t>(*count) > std::numeric_limits<std::uint64_t>::max() / element) return std::nullopt;
    return static_cast<std::uint64_t>(*count) * element;
  }

  // True when the bytes lie inside a shard of `shard_size` bytes and `size` is what dtype and shape ask for.
  // Strings and variants have no fixed size; for them only the end is checked. Never throws; safe for any numbers.
  [[nodiscard]] bool fits(std::uint64_t shard_size) const noexcept {
    if (offset > shard_size || size > shard_size - offset) return false;
    if (dtype == DT_STRING || dtype == DT_VARIANT) return shape.checked_num_elements().has_value() && !unknown_rank;
    return byte_count() == size;
  }

  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace cairn::bundle
