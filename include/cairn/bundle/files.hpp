// The files of a bundle as a whole: whether a bundle is there, which data files it has, and its removal.
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/refuse.hpp"
#include "../core/path_argument.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "detail/v1_files.hpp"
#include "naming.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::bundle::detail {

// Returns true when the index file is there: a bundle exists as soon as its index has its name.
[[nodiscard]] inline bool has_index(const std::string& prefix, io::FileSystem& files) {
  return files.exists(bundle::index_path(prefix));
}

template <class... Files>
struct CheckpointFunctionsHaveOtherNames {
  static_assert(sizeof...(Files) > 1,
                "cairn: bundle::remove and bundle::exists are called bundle::remove_checkpoint and "
                "bundle::checkpoint_exists now.");
};

}  // namespace CAIRN_NAMESPACE::bundle::detail

namespace CAIRN_NAMESPACE::bundle {

// Checks that a checkpoint can be saved under `prefix`. Throws Error with ErrorCode::invalid_argument for a path that
// ends without a name: "", "training/", "..".
inline void require_prefix(std::string_view prefix) {
  const std::string name = io::file_name(prefix);
  if (!name.empty() && name != "." && name != "..") return;
  core::detail::fail(ErrorCode::invalid_argument,
                     {"the path \"", prefix,
                      "\" has no name at its end, which the checkpoint's files could be called by; give one, as in \"",
                      io::join_path(prefix, "ckpt"), "\""},
                     {.file = prefix});
}

// Returns true when a checkpoint is there, in today's format or in TensorFlow's old format V1. Throws Error with
// ErrorCode::data_loss for a checkpoint of V1 of which a file is missing.
[[nodiscard]] inline bool checkpoint_exists(const PathArgument& prefix, io::FileSystem& files = io::native()) {
  return detail::has_index(prefix.string(), files) || static_cast<bool>(detail::find_v1(prefix.string(), files));
}

// Returns the paths of all data files of the prefix, sorted by name. With a `num_shards` other than 0 only the files of
// bundles with that number of shards are returned.
[[nodiscard]] inline std::vector<std::string> data_files(const PathArgument& path, io::FileSystem& files = io::native(),
                                                         std::int32_t num_shards = 0) {
  const std::string& prefix = path.string();
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

// Removes the index first, so that a half-removed checkpoint is never taken for a whole one, then the data files. Files
// that are not there are no failure. Throws Error with the code of the file system (ErrorCode::permission_denied,
// unavailable) when a file cannot be removed; the files that come after it are then still there.
inline void remove_checkpoint(const PathArgument& prefix, io::FileSystem& files = io::native()) {
  files.remove_if_there(index_path(prefix.string()));
  for (const std::string& path : data_files(prefix, files)) files.remove_if_there(path);
}

// Refuse the names that remove_checkpoint and checkpoint_exists had before.
template <class... Files>
void remove(const PathArgument&, Files&...) {
  static_cast<void>(core::detail::refuse<detail::CheckpointFunctionsHaveOtherNames<Files...>>());
}
template <class... Files>
bool exists(const PathArgument&, Files&...) {
  return core::detail::refuse<detail::CheckpointFunctionsHaveOtherNames<Files...>>();
}

}  // namespace CAIRN_NAMESPACE::bundle
