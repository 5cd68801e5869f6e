// Where a Reader has entries from that it did not decode when it was opened.
#pragma once

#include "../../io/file_system.hpp"
#include "../index.hpp"

#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

// The file of an index and its path.
struct IndexFile {
  const io::ReadableFile* file = nullptr;
  const std::string* path = nullptr;
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
  // The file, for a walk that holds few blocks (table_walk.hpp). Nothing where the whole index is decoded already.
  IndexFile (*index_file)(EntrySource& source);
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
