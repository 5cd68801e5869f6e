// Block: reads one block of a table, which block_builder.hpp draws. No number in the block is trusted: a checksum only
// says that the bytes are those that were written.
//
//   Block block(contents, "model.index", offset);
//   while (block.next()) use(block.key(), block.value());
#pragma once

#include "varint.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format {

// The entries of one block, decoded one after the other. A Block belongs to one thread; its copy stands where it stands.
class Block {
 public:
  Block() = default;
  // `contents` is the block without its trailer. `subject` names it in messages, and `base` is added to the offsets
  // there, as with ByteReader. Neither contents nor subject is copied. Throws Error with ErrorCode::data_loss when the
  // block has no room for its restart points, or the first of them is not its beginning.
  Block(std::string_view contents, std::string_view subject, std::uint64_t base) {
    const ByteReader whole(contents, subject, base);
    if (contents.size() < 4) whole.fail("a block ends before the count of its restart points");
    const std::uint64_t count = ByteReader(contents.substr(contents.size() - 4)).read_fixed32();
    if (count == 0) whole.fail("a block has no restart point");
    if (count > (contents.size() - 4) / 4) whole.fail("a block has more restart points than fit into it");
    const std::size_t entries_size = contents.size() - 4 - 4 * static_cast<std::size_t>(count);
    entries_ = ByteReader(contents.substr(0, entries_size), subject, base);
    restarts_ =
        ByteReader(contents.substr(entries_size, contents.size() - 4 - entries_size), subject, base + entries_size);
    restart_ = restarts_.read_fixed32();
    more_restarts_ = true;
    if (restart_ != 0) restarts_.fail("a block's first restart point is not its beginning");
  }

  // Goes to the next entry; returns false at the end. Throws Error with ErrorCode::data_loss for an entry that lies
  // outside of the block, is not greater than the entry before, or contradicts the restart points.
  [[nodiscard]] bool next() {
    if (entries_.empty()) {
      if (more_restarts_ && !(entries_.bytes().empty() && restarts_.empty())) fail_restart();
      return false;
    }
    const std::size_t begin = entries_.position();
    const std::uint32_t shared = entries_.read_varint32();
    const std::uint32_t non_shared = entries_.read_varint32();
    const std::uint32_t value_size = entries_.read_varint32();
    if (shared > key_.size()) entries_.fail({"a key shares ", shared, " bytes with a key of ", key_.size()});
    if (more_restarts_ && restart_ == begin) {
      if (shared != 0) entries_.fail("the key at a restart point is not whole");
      more_restarts_ = !restarts_.empty();
      if (more_restarts_ && (restart_ = restarts_.read_fixed32()) <= begin)
        restarts_.fail("a block's restart points are not in order");
    }
    if (more_restarts_ && restart_ < entries_.position()) fail_restart();
    const std::string_view rest = entries_.read_bytes(non_shared);
    value_ = entries_.read_bytes(value_size);
    if (begin != 0 && rest <= std::string_view(key_).substr(shared))
      entries_.fail("a key is not greater than the key before it");
    key_.resize(shared);
    key_ += rest;
    return true;
  }
  // The present entry, after next(). The key changes with the next call; the value is a part of the contents.
  [[nodiscard]] std::string_view key() const noexcept { return key_; }
  [[nodiscard]] std::string_view value() const noexcept { return value_; }

  // Calls visit(key, value) for each entry that is still ahead, in order, without moving. Throws Error with
  // ErrorCode::data_loss where next() does; the entries before have been visited then.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (Block ahead = *this; ahead.next();) visit(ahead.key(), ahead.value());
  }

 private:
  [[noreturn]] void fail_restart() const { restarts_.fail("a block's restart point is not the beginning of an entry"); }

  ByteReader entries_{std::string_view()};
  ByteReader restarts_{std::string_view()};
  std::uint64_t restart_ = 0;
  bool more_restarts_ = false;  // restart_ is ahead
  std::string key_;
  std::string_view value_;
};

}  // namespace CAIRN_NAMESPACE::format
