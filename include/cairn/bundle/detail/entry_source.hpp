// Where a Reader has entries from that it did not decode when it was opened.
#pragma once

#include "../../core/detail/own.hpp"
#include "../index.hpp"

#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

// All tensors in the order of their keys. It belongs to one thread.
class EntryWalk {
 public:
  EntryWalk() = default;
  EntryWalk(const EntryWalk&) = delete;
  EntryWalk& operator=(const EntryWalk&) = delete;
  virtual ~EntryWalk() = default;

  // Goes to the next one; returns false at the end. Throws Error (data_loss) for damage.
  [[nodiscard]] virtual bool next() = 0;
  // The present one, valid until the next call of next().
  [[nodiscard]] virtual std::string_view key() const = 0;
  [[nodiscard]] virtual const bundle::Entry& entry() const = 0;
};

// Several threads may call it at the same time. What the functions return stays where it is. They are pointers, because
// g++ -O2 compiles the only class that has a virtual function into every call of it, also where nobody makes one.
struct EntrySource {
  // The entry of a tensor; null where there is none. Throws Error (data_loss) when the index is damaged where the entry
  // should be.
  const bundle::Entry* (*find)(EntrySource& source, std::string_view key);
  // The entry of a part that a partitioned tensor lists, as find() returns a tensor's.
  const bundle::Entry* (*find_part)(EntrySource& source, std::string_view key);
  // The whole index, decoded. Throws Error as read_index does.
  const bundle::Index& (*whole)(EntrySource& source);
  // A walk that holds one block or two of the index; null where the whole index is decoded. The source must outlive the
  // walk.
  core::detail::Own<EntryWalk> (*walk)(EntrySource& source);
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
