// Paths as text: the folder and the name. No path is resolved or looked up.
#pragma once

#include "../core/detail/tree.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// Returns the names of a path in order. A path from the root begins with the name "/", and a path that ends with '/'
// ends with an empty name.
[[nodiscard]] inline std::vector<std::string_view> names_of_path(std::string_view path) {
  std::vector<std::string_view> names;
  if (path.starts_with('/')) names.push_back(path.substr(0, 1));
  for (std::size_t at = path.find_first_not_of('/'); at < path.size();) {
    const std::size_t end = path.find('/', at);
    names.push_back(path.substr(at, end - at));
    at = path.find_first_not_of('/', end);
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
    else if (kept.back() != "/")
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
  if (path.starts_with('/') != folder.starts_with('/')) return std::nullopt;
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

}  // namespace cairn::io
