// The files of a bundle as a whole: is it there, which are its data files, take it away.
#pragma once

#include "../core/error.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "naming.hpp"
#include "no_checkpoint.hpp"
#include "v1_files.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::detail {

// A checkpoint that is there, in whatever format.
struct FoundBundle {
  std::string prefix;
  std::optional<V1Files> v1 = std::nullopt;
};

// As bundle::existing_prefix below.
[[nodiscard]] inline FoundBundle find_bundle(std::string path, io::FileSystem& files) {
  const auto has_index = [&](const std::string& prefix) { return files.exists(bundle::index_path(prefix)); };
  if (has_index(path)) return {std::move(path)};
  if (path.ends_with(index_extension) && files.exists(path) && !files.is_directory(path))
    return {path.substr(0, path.size() - index_extension.size())};
  if (auto prefix = prefix_of_data_name(path); prefix && has_index(*prefix)) return {std::move(*prefix)};
  if (auto v1 = find_v1(path, files)) return {v1->prefix, std::move(v1)};
  throw no_checkpoint_at(path, files);
}

}  // namespace cairn::detail

namespace cairn::bundle {

// Throws Error (invalid_argument) for a path that ends without a name: "", "training/", "..".
inline void require_prefix(std::string_view prefix) {
  const std::string name = io::file_name(prefix);
  if (!name.empty() && name != "." && name != "..") return;
  throw Error(ErrorCode::invalid_argument,
              "the path \"" + std::string(prefix) +
                  "\" has no name at its end, which the checkpoint's files could be called by; give one, as in \"" +
                  io::join_path(prefix, "ckpt") + "\"")
      .in_file(std::string(prefix));
}

// True when the index is there: it is what makes a checkpoint exist.
[[nodiscard]] inline bool exists(const std::string& prefix, io::FileSystem& files = io::posix()) {
  return files.exists(index_path(prefix));
}

// True when a checkpoint is there, in this format or in TensorFlow's old format V1. Throws Error (data_loss) when it is
// one of V1 that is not complete.
[[nodiscard]] inline bool checkpoint_exists(const std::string& prefix, io::FileSystem& files = io::posix()) {
  return exists(prefix, files) || detail::find_v1(prefix, files).has_value();
}

// The prefix of a bundle that is there, given it or the path of its index or of one of its data files. Throws Error
// (not_found) when it is not there, which says what is.
[[nodiscard]] inline std::string existing_prefix(std::string path, io::FileSystem& files = io::posix()) {
  return detail::find_bundle(std::move(path), files).prefix;
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
