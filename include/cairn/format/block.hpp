// Block: reads one block of a table, which block_builder.hpp draws. No number in the block is trusted: a checksum only
// says that the bytes are those that were written.
#pragma once

#include "varint.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::format {

// One block of a table, decoded while it is visited. Any thread may call for_each().
class Block {
 public:
  // `contents` is the block without its trailer. `subject` names it in messages, and `base` is added to the offsets
  // there, as with ByteReader. Neither contents nor subject is copied. Throws Error with ErrorCode::data_loss when the
  // block has no room for its restart points.
  Block(std::string_view contents, std::string_view subject, std::uint64_t base) : subject_(subject), base_(base) {
    const ByteReader whole(contents, subject, base);
    if (contents.size() < 4) whole.fail("a block ends before the count of its restart points");
    const std::uint64_t count =
        ByteReader(contents.substr(contents.size() - 4), subject, base + contents.size() - 4).read_fixed32();
    if (count == 0) whole.fail("a block has no restart point");
    if (count > (contents.size() - 4) / 4) whole.fail("a block has more restart points than fit into it");
    const std::size_t entries_size = contents.size() - 4 - 4 * static_cast<std::size_t>(count);
    entries_ = contents.substr(0, entries_size);
    restarts_ = contents.substr(entries_size, contents.size() - 4 - entries_size);
  }

  // Calls visit(key, value) for each entry, in order. The key is valid during the call, the value as long as the bytes
  // of the block. Throws Error with ErrorCode::data_loss at the first entry that lies outside of the block, is not
  // greater than the entry before, or contradicts the restart points; the entries before it have been visited then.
  template <class Visit>
  void for_each(const Visit& visit) const {
    ByteReader entries(entries_, subject_, base_);
    ByteReader restarts(restarts_, subject_, base_ + entries_.size());
    std::uint64_t restart = restarts.read_fixed32();
    bool more_restarts = true;
    if (restart != 0) restarts.fail("a block's first restart point is not its beginning");
    std::string key;
    for (bool first = true; !entries.empty(); first = false) {
      const std::size_t begin = entries.position();
      const std::uint32_t shared = entries.read_varint32();
      const std::uint32_t non_shared = entries.read_varint32();
      const std::uint32_t value_size = entries.read_varint32();
      if (shared > key.size())
        entries.fail("a key shares " + std::to_string(shared) + " bytes with a key of " + std::to_string(key.size()));
      if (more_restarts && restart == begin) {
        if (shared != 0) entries.fail("the key at a restart point is not whole");
        more_restarts = !restarts.empty();
        if (more_restarts && (restart = restarts.read_fixed32()) <= begin)
          restarts.fail("a block's restart points are not in order");
      }
      if (more_restarts && restart < entries.position())
        restarts.fail("a block's restart point is not the beginning of an entry");
      const std::string_view rest = entries.read_bytes(non_shared);
      const std::string_view value = entries.read_bytes(value_size);
      if (!first && rest <= std::string_view(key).substr(shared))
        entries.fail("a key is not greater than the key before it");
      key.resize(shared);
      key += rest;
      visit(std::string_view(key), value);
    }
    if (more_restarts && !(entries_.empty() && restarts.empty()))
      restarts.fail("a block's restart point is not the beginning of an entry");
  }

 private:
  std::string_view entries_;
  std::string_view restarts_;
  std::string_view subject_;
  std::uint64_t base_;
};

}  // namespace cairn::format
