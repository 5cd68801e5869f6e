// Which bytes of a data file belong to no tensor of this bundle, though to one of another bundle with the same file:
// said in the header of the index, so that they are not taken for damage (verify_data.hpp).
//
//   shard, offset, size, shard, offset, size, ...     varints, sorted; in a field that TensorFlow skips
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/varint.hpp"
#include "../entry.hpp"
#include "../index.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

// Adds what the entries, which are all that the shard has for this bundle, leave of its `size` bytes.
inline void append_unused(std::string& unused, std::int32_t shard, const bundle::EntryList& entries,
                          std::uint64_t size) {
  const core::detail::Vec<std::uint32_t> order = core::detail::sorted_order(
      entries.size(),
      [&](std::size_t a, std::size_t b) { return entries[a].second.offset < entries[b].second.offset; });
  std::uint64_t end = 0;
  const auto add = [&](std::uint64_t next) {
    if (next <= end) return;
    for (const std::uint64_t number : {static_cast<std::uint64_t>(shard), end, next - end})
      format::append_varint(unused, number);
  };
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bundle::Entry& entry = entries[order.empty() ? i : order[i]].second;
    add(entry.offset);
    end = std::max(end, entry.offset + entry.size);
  }
  add(size);
}

// Goes over the ranges of the list. What is no list ends it: nothing is unused then. Safe for any bytes and numbers.
class UnusedRanges {
 public:
  explicit UnusedRanges(std::string_view encoded) : reader_(encoded, "the header of the index") {}

  // Goes to the next range; returns false at the end.
  [[nodiscard]] bool next() {
    if (reader_.empty()) return false;
    try {
      shard = reader_.read_varint64();
      offset = reader_.read_varint64();
      size = reader_.read_varint64();
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  std::uint64_t shard = 0, offset = 0, size = 0;  // the present range

 private:
  format::ByteReader reader_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
