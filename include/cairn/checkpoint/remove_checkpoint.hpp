// Deletes the files of one checkpoint, and no others, so that whoever is killed on the way leaves what can be told.
//
//   rename ckpt-1.index to ckpt-1.index.cairn-tmp-...   the checkpoint is gone, at one instant
//   -> remove its data files -> remove the index
//
// What is left of a killed deletion is an index under a temporary name, which says which data files were its own
// (leftovers.hpp).
#pragma once

#include "../bundle/naming.hpp"
#include "../core/error.hpp"
#include "../format/crc32c.hpp"
#include "../io/file_system.hpp"
#include "../io/path.hpp"
#include "../io/publish.hpp"
#include "../io/whole_file.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::detail {

// False when there was none.
inline bool remove_if_there(io::FileSystem& files, const std::string& path) {
  try {
    files.remove(path);
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    return false;
  }
}

// A checkpoint that is to be deleted. Keep it until remove() has returned: a disk that refused is asked again.
struct DroppedCheckpoint {
  std::string path;
  std::string extension = ".index";
  std::string hidden_index{};  // the temporary name of its index, once it has that

  // Of the whole file that makes it exist, to know it by. Nothing when it cannot be read: then it cannot be proved
  // either whose it is.
  [[nodiscard]] std::optional<std::uint32_t> crc_of_index(io::FileSystem& files) const {
    constexpr std::uint64_t max_bytes = std::uint64_t{1} << 30;
    try {
      const std::string bytes = io::read_whole_file(files, path + extension, max_bytes);
      return format::crc32c(std::as_bytes(std::span(bytes)));
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  // Files that are gone already are fine. Names are compared, not globbed: TensorFlow deletes lookalikes of a name with
  // '*' or '['. Throws Error when the disk refuses. `listed` are the names that its directory had, sorted, at any time
  // since it was complete; the directory is listed where its index is not among them.
  void remove(io::FileSystem& files, std::span<const std::string> listed = {}) {
    if (hidden_index.empty()) {
      const std::string index = path + extension;
      const std::string hidden = io::temporary_path(index);
      try {
        files.rename(index, hidden);
        hidden_index = hidden;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
      }
    }
    const std::string directory = io::parent_directory(path);
    const std::string name = io::file_name(path);
    if (extension == ".index") {
      std::vector<std::string> now;
      if (!std::binary_search(listed.begin(), listed.end(), name + extension))
        listed = now = files.list_directory(directory);
      for (const std::string& file : listed)
        if (bundle::shards_of_data_name(file, name)) remove_if_there(files, io::join_path(directory, file));
    }
    if (!hidden_index.empty()) remove_if_there(files, hidden_index);
  }
};

}  // namespace cairn::detail
