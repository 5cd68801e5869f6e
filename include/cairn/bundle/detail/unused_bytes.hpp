// Which bytes of a data file belong to no tensor of this bundle, though to one of another bundle with the same file:
// said in the header of the index, so that they are not taken for damage (verify_data.hpp).
//
//   shard, offset, size, shard, offset, size, ...     varints, sorted; in a field that TensorFlow skips
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../format/varint.hpp"
#include "../entry.hpp"
#include "../index.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::bundle::detail {

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

// Calls use(shard, offset, size) for each range of the list. What is no list ends it: nothing is unused then. Safe for
// any bytes and numbers.
template <class Use>
void for_each_unused(std::string_view encoded, const Use& use) {
  format::ByteReader reader(encoded, "the header of the index");
  while (!reader.empty()) {
    std::uint64_t range[3];
    try {
      for (std::uint64_t& number : range) number = reader.read_varint64();
    } catch (const Error&) {
      return;
    }
    use(range[0], range[1], range[2]);
  }
}

// Reads the list along with a walk over the shards. Safe for any bytes.
class UnusedBytes {
 public:
  explicit UnusedBytes(std::string_view encoded) : reader_(encoded, "the header of the index") { next(); }

  // True when [begin, end) of the shard are said to be unused. Ask in the order of the shards and of their bytes.
  [[nodiscard]] bool covers(std::int32_t shard, std::uint64_t begin, std::uint64_t end) {
    const auto wanted = static_cast<std::uint64_t>(shard);
    while (has_range_ && (shard_ < wanted || (shard_ == wanted && begin_ < begin))) next();
    return has_range_ && shard_ == wanted && begin_ == begin && size_ == end - begin;
  }

 private:
  void next() {
    has_range_ = false;
    if (reader_.position() == reader_.bytes().size()) return;
    try {
      shard_ = reader_.read_varint64();
      begin_ = reader_.read_varint64();
      size_ = reader_.read_varint64();
      has_range_ = true;
    } catch (const Error&) {}  // no list, and so nothing is unused
  }

  format::ByteReader reader_;
  bool has_range_ = false;
  std::uint64_t shard_ = 0, begin_ = 0, size_ = 0;
};

}  // namespace cairn::bundle::detail
