// Deletes the files of one checkpoint, and no others.
#pragma once

#include "../bundle/naming.hpp"
#include "../core/error.hpp"
#include "../io/file_system.hpp"
#include "../io/path.hpp"

#include <string>

namespace cairn::detail {

// The index goes first: without it there is no checkpoint, so that none is ever half there. Files that are gone already
// are fine. Names are compared, not globbed: TensorFlow deletes lookalikes of a name with '*' or '['.
inline void remove_checkpoint(io::FileSystem& files, const std::string& prefix) {
  const auto remove = [&](const std::string& path) {
    try {
      files.remove(path);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
    }
  };
  remove(bundle::index_path(prefix));
  const std::string directory = io::parent_directory(prefix);
  const std::string name = io::file_name(prefix);
  for (const std::string& file : files.list_directory(directory))
    if (bundle::shards_of_data_name(file, name)) remove(io::join_path(directory, file));
}

}  // namespace cairn::detail
