// Compares two string tensors element by element, with no more than one element of each in memory: many short strings
// take many times the memory that they take in a file.
#pragma once

#include "../reader.hpp"
#include "string_tensor.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::bundle::detail {

// Returns the number of elements that differ between two string tensors of the same shape. Partitioned tensors are put
// together in memory. Throws Error with ErrorCode::not_found for a key that a bundle does not have,
// ErrorCode::invalid_argument for a tensor that holds no strings, ErrorCode::data_loss for damaged bytes.
[[nodiscard]] inline std::uint64_t different_strings(const Reader& a, std::string_view key, const Reader& b,
                                                     std::string_view other) {
  std::uint64_t different = 0;
  if (!a.lookup(key).slices.empty() || !b.lookup(other).slices.empty()) {
    const std::vector<std::string> first = a.read_strings(key), second = b.read_strings(other);
    for (std::size_t i = 0; i < first.size(); ++i) different += first[i] != second[i] ? 1u : 0u;
    return different;
  }
  a.with_strings(key, [&](StringElements& ours) {
    b.with_strings(other, [&](StringElements& theirs) {
      std::string first, second;
      while (ours.next(first) && theirs.next(second)) different += first != second ? 1u : 0u;
    });
  });
  return different;
}

}  // namespace cairn::bundle::detail
