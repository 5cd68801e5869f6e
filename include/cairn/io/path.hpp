// Paths as text: the folder and the name. No path is resolved or looked up.
#pragma once

#include "../core/detail/tree.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::io {

// Returns the part before the last '/', never empty: "a/b" -> "a", "a" -> ".", "/a" -> "/", "a/" -> "a".
[[nodiscard]] inline std::string parent_directory(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  const std::size_t end = path.find_last_not_of('/', slash);
  return std::string(end == std::string_view::npos ? path.substr(0, 1) : path.substr(0, end + 1));
}

// Returns the part after the last '/', which may be empty: "a/b" -> "b", "a/" -> "".
[[nodiscard]] inline std::string file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

// Returns the path of `name` in `directory`. An absolute name stands for itself, as in TensorFlow's state file.
[[nodiscard]] inline std::string join_path(std::string_view directory, std::string_view name) {
  if (directory.empty() || name.starts_with('/')) return std::string(name);
  std::string path(directory);
  if (!path.ends_with('/')) path += '/';
  return path += name;
}

}  // namespace cairn::io
