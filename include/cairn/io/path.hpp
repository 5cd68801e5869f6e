// Paths as text: the folder and the name. No path is resolved or looked up. On Windows a '\\' stands for a '/', and a path
// may begin at the root of a drive ("C:/").
#pragma once

#include "../version.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::io {

// The separators of names, for path.find_first_of(separators) and its like.
#if defined(_WIN32)
inline constexpr std::string_view separators = "/\\";
#else
inline constexpr char separators = '/';
#endif

// Returns the size of the beginning by which a path is not seen from the current folder: 1 for "/a", 0 for "a", and on
// Windows 3 for "C:/a".
[[nodiscard]] constexpr std::size_t root_size(std::string_view path) noexcept {
#if defined(_WIN32)
  if (path.size() > 2 && path[1] == ':' && path.find_first_of(separators) == 2) return 3;
#endif
  return path.find_first_of(separators) == 0 ? 1 : 0;
}

// Returns the part before the last '/', never empty: "a/b" -> "a", "a" -> ".", "/a" -> "/", "a/" -> "a".
[[nodiscard]] inline std::string parent_directory(std::string_view path) {
  const std::size_t slash = path.find_last_of(separators);
  if (slash == std::string_view::npos) return ".";
  const std::size_t end = path.find_last_not_of(separators, slash);
  return std::string(path.substr(0, std::max(root_size(path), end + 1)));
}

// Returns the part after the last '/', which may be empty: "a/b" -> "b", "a/" -> "".
[[nodiscard]] inline std::string file_name(std::string_view path) {
  const std::size_t slash = path.find_last_of(separators);
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

// Returns the path of `name` in `directory`. An absolute name stands for itself, as in TensorFlow's state file.
[[nodiscard]] inline std::string join_path(std::string_view directory, std::string_view name) {
  if (directory.empty() || root_size(name) != 0) return std::string(name);
  std::string path(directory);
  if (directory.find_last_of(separators) != directory.size() - 1) path += '/';
  return path += name;
}

// Returns the names of a path in order. A path from the root begins with the root as a name ("/"), and a path that ends
// with '/' ends with an empty name.
[[nodiscard]] inline std::vector<std::string_view> names_of_path(std::string_view path) {
  std::vector<std::string_view> names;
  const std::size_t root = root_size(path);
  if (root != 0) names.push_back(path.substr(0, root));
  for (std::size_t at = path.find_first_not_of(separators, root); at < path.size();) {
    const std::size_t end = path.find_first_of(separators, at);
    names.push_back(path.substr(at, end - at));
    at = path.find_first_not_of(separators, end);
    if (end != std::string_view::npos && at == std::string_view::npos) names.push_back({});
  }
  return names;
}

// Returns the path without ".", without a name that ".." takes back, and without a second '/', as
// std::filesystem::path::lexically_normal does: "./a/b/../c" -> "a/c", "a/.." -> ".".
[[nodiscard]] inline std::string normal_path(std::string_view path) {
  std::vector<std::string_view> kept;
  bool is_folder = false;  // the last name has a '/' behind it
  for (const std::string_view name : names_of_path(path)) {
    is_folder = name.empty() || name == "." || name == "..";
    if (name.empty() || name == ".") continue;
    if (name != ".." || kept.empty() || kept.back() == "..")
      kept.push_back(name);
    else if (root_size(kept.back()) == 0)
      kept.pop_back();
  }
  if (kept.empty()) return path.empty() ? "" : ".";
  std::string text;
  for (const std::string_view name : kept) text = join_path(text, name);
  if (is_folder && kept.back() != "..") text = join_path(text, "");
  return text;
}

// Returns the path as seen from `folder`, by the names alone, as std::filesystem::path::lexically_relative does:
// "run/a" from "run/b" -> "../a". Returns nullopt when only one of the two begins at the root, or when `folder` leads
// above the beginning of the path.
[[nodiscard]] inline std::optional<std::string> relative_path(std::string_view path, std::string_view folder) {
  if (path.substr(0, root_size(path)) != folder.substr(0, root_size(folder))) return std::nullopt;
  const std::vector<std::string_view> names = names_of_path(path), above = names_of_path(folder);
  std::size_t same = 0;
  while (same < names.size() && same < above.size() && names[same] == above[same]) ++same;
  if (same == names.size() && same == above.size()) return ".";
  std::ptrdiff_t up = 0;
  for (std::size_t i = same; i < above.size(); ++i)
    up += above[i] == ".." ? -1 : above[i].empty() || above[i] == "." ? 0 : 1;
  if (up < 0) return std::nullopt;
  if (up == 0 && (same == names.size() || names[same].empty())) return ".";
  std::string text;
  for (; up > 0; --up) text = join_path(text, "..");
  for (std::size_t i = same; i < names.size(); ++i) text = join_path(text, names[i]);
  return text;
}

}  // namespace CAIRN_NAMESPACE::io
