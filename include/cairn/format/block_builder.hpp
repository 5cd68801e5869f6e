// BlockBuilder: writes one block of a table. Keys are sorted, and each is stored without the bytes that it shares with
// the key before.
//
//   entry   = varint32 shared, varint32 non_shared, varint32 value_length, key[shared..], value
//   block   = entry..., u32le restart[0], ..., u32le number of restarts
//   restart = offset of an entry whose key is whole (shared 0); the first is 0, also in a block without entries
#pragma once

#include "../core/detail/vec.hpp"
#include "varint.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format {

// Returns the number of bytes that two keys share at their beginning. It compares eight bytes at a time, because keys
// share long beginnings.
[[nodiscard]] inline std::size_t common_prefix(std::string_view a, std::string_view b) noexcept {
  const std::size_t limit = std::min(a.size(), b.size());
  std::size_t shared = 0;
  for (std::uint64_t x = 0, y = 0; shared + 8 <= limit; shared += 8) {
    std::memcpy(&x, a.data() + shared, 8);
    std::memcpy(&y, b.data() + shared, 8);
    if (x != y) break;
  }
  while (shared < limit && a[shared] == b[shared]) ++shared;
  return shared;
}

// Collects the entries of one block. A BlockBuilder belongs to one thread.
class BlockBuilder {
 public:
  // Every `restart_interval`-th key is stored whole.
  explicit BlockBuilder(int restart_interval) : restart_interval_(restart_interval) {}

  // Adds an entry. The key must be greater than all keys before; TableBuilder checks that. Throws Error with
  // ErrorCode::invalid_argument when the block would grow beyond 4 GiB, which its offsets cannot express; nothing is
  // added then.
  void add(std::string_view key, std::string_view value) {
    constexpr std::uint64_t limit = std::numeric_limits<std::uint32_t>::max();
    if (key.size() > limit || value.size() > limit || entries_.size() + key.size() + value.size() > limit)
      core::detail::fail(ErrorCode::invalid_argument,
                         {"a block of an index cannot grow beyond 4 GiB; the key or value is too large"});
    std::size_t shared = 0;
    if (since_restart_ == restart_interval_) {
      restarts_.push_back(static_cast<std::uint32_t>(entries_.size()));
      since_restart_ = 0;
    } else if (!entries_.empty()) {
      shared = common_prefix(key, last_key_);
    }
    const std::string_view rest = key.substr(shared);
    const std::size_t begin = entries_.size();
    entries_.resize(begin + 3 * max_varint_bytes + rest.size() + value.size());
    char* const sizes = entries_.data() + begin;
    char* to = put_varint(put_varint(put_varint(sizes, shared), rest.size()), value.size());
    core::detail::VecMemory::copy(to, rest.data(), rest.size());
    core::detail::VecMemory::copy(to += rest.size(), value.data(), value.size());
    entries_.resize(begin + static_cast<std::size_t>(to - sizes) + value.size());
    last_key_.resize(shared);
    last_key_ += rest;
    ++since_restart_;
  }

  // Returns true while the block has no entry.
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  // Returns the key that was added last, also when its block is finished.
  [[nodiscard]] const std::string& last_key() const noexcept { return last_key_; }
  // Returns the bytes of the entries alone, which is the offset of the next one.
  [[nodiscard]] std::size_t entries_size() const noexcept { return entries_.size(); }
  // Returns the bytes that finish() would return now.
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size() + 4 * restarts_.size() + 4; }

  // Returns the whole block; the builder is then empty, and ready for the next block.
  [[nodiscard]] std::string finish() {
    std::string block;
    block.swap(entries_);
    for (const std::uint32_t restart : restarts_) append_fixed32(block, restart);
    append_fixed32(block, static_cast<std::uint32_t>(restarts_.size()));
    restarts_.assign(1, 0);
    since_restart_ = 0;
    return block;
  }

 private:
  int restart_interval_;
  int since_restart_ = 0;
  std::string entries_;
  core::detail::Vec<std::uint32_t> restarts_{0};
  std::string last_key_;
};

}  // namespace CAIRN_NAMESPACE::format
