// The files of a bundle as a whole: is it there, which are its data files, take it away.
#pragma once

#include "../core/error.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "naming.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::bundle {

// True when the index is there: it is what makes a checkpoint exist.
[[nodiscard]] inline bool exists(const std::string& prefix, io::FileSystem& files = io::posix()) {
  return files.exists(index_path(prefix));
}

// The prefix of a bundle that is there, given it or the path of its index. Throws Error (not_found) when it is not
// there.
[[nodiscard]] inline std::string existing_prefix(std::string path, io::FileSystem& files = io::posix()) {
  if (exists(path, files)) return path;
  constexpr std::string_view extension = ".index";
  if (path.ends_with(extension) && files.exists(path) && !files.is_directory(path))
    return path.substr(0, path.size() - extension.size());
  throw Error(ErrorCode::not_found, "there is no checkpoint \"" + path + "\": the file \"" + index_path(path) +
                                        "\" does not exist; give the path that was saved to, without an extension")
      .in_file(index_path(path));
}

// The paths of all data files that bear the prefix, sorted; with `num_shards`, only those of bundles of so many shards.
[[nodiscard]] inline std::vector<std::string> data_files(const std::string& prefix, io::FileSystem& files = io::posix(),
                                                         std::int32_t num_shards = 0) {
  std::vector<std::string> paths;
  const std::string folder = io::parent_directory(prefix);
  if (!files.is_directory(folder)) return paths;
  const std::string base = io::file_name(prefix);
  for (const std::string& name : files.list_directory(folder)) {
    const auto shards = shards_of_data_name(name, base);
    if (shards && (num_shards == 0 || *shards == num_shards))
      paths.push_back(prefix.substr(0, prefix.size() - base.size()) + name);
  }
  return paths;
}

// Removes the index first, so that no half of a checkpoint is ever taken for one, then the data files. What is not
// there is no failure. Throws Error when a file cannot be removed; files that come after it are then still there.
inline void remove(const std::string& prefix, io::FileSystem& files = io::posix()) {
  const auto remove_file = [&](const std::string& path) {
    try {
      files.remove(path);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
    }
  };
  remove_file(index_path(prefix));
  for (const std::string& path : data_files(prefix, files)) remove_file(path);
}

}  // namespace cairn::bundle
