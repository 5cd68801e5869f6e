// Compares two string tensors element by element, with no more than one element of each in memory: many short strings
// take many times the memory that they take in a file.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../reader.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::bundle::detail {

// True when both tensors have the same bytes in their files, which are checked. Neither is partitioned.
[[nodiscard]] inline bool have_same_stored(const Reader& a, std::string_view key, const Entry& entry, const Reader& b,
                                           std::string_view other, const Entry& other_entry) {
  a.verify(key, entry);
  b.verify(other, other_entry);
  if (entry.size != other_entry.size || a.big_endian() != b.big_endian()) return false;
  core::detail::Vec<std::byte> ours(static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, io::piece_bytes)));
  core::detail::Vec<std::byte> theirs(ours.size());
  for (std::uint64_t at = 0; at < entry.size; at += ours.size()) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(entry.size - at, ours.size()));
    a.read_piece(key, entry, at, {ours.data(), size});
    b.read_piece(other, other_entry, at, {theirs.data(), size});
    if (std::memcmp(ours.data(), theirs.data(), size) != 0) return false;
  }
  return true;
}

// Returns the number of elements that differ between two string tensors of the same shape. Of tensors of one element,
// such as object graphs, a piece is in memory at a time; partitioned tensors are put together in memory. Throws Error
// with ErrorCode::invalid_argument for a tensor that holds no strings, ErrorCode::data_loss for damaged bytes.
[[nodiscard]] inline std::uint64_t different_strings(const Reader& a, std::string_view key, const Entry& entry,
                                                     const Reader& b, std::string_view other,
                                                     const Entry& other_entry) {
  std::uint64_t different = 0;
  if (!entry.slices.empty() || !other_entry.slices.empty()) {
    const std::vector<std::string> first = a.read_strings(key, entry), second = b.read_strings(other, other_entry);
    for (std::size_t i = 0; i < first.size(); ++i) different += first[i] != second[i] ? 1u : 0u;
    return different;
  }
  if (have_same_stored(a, key, entry, b, other, other_entry)) return 0;
  if (a.big_endian() == b.big_endian() && entry.shape.num_elements() == 1) return 1;
  a.with_strings(key, entry, [&](StringElements& ours) {
    b.with_strings(other, other_entry, [&](StringElements& theirs) {
      std::string first, second;
      while (ours.next(first) && theirs.next(second)) different += first != second ? 1u : 0u;
    });
  });
  return different;
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
