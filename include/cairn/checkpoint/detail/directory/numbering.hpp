// "training/ckpt" and 3 make "training/ckpt-3"; and which numbers of a name are taken.
#pragma once

#include "../../../core/detail/vec.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::checkpoint::detail {

[[nodiscard]] inline std::string numbered_path(const std::string& prefix, std::int64_t number) {
  return prefix + "-" + std::to_string(number);
}

// The number of a checkpoint's file in a directory: "ckpt-3.index" and "ckpt-3.data-00000-of-00001" of "ckpt" give 3.
// `extension` is that of the file which makes a checkpoint exist.
[[nodiscard]] inline std::optional<std::int64_t> number_of_file(std::string_view file, std::string_view name,
                                                                std::string_view extension = ".index") {
  if (!file.starts_with(name)) return std::nullopt;
  file.remove_prefix(name.size());
  if (!file.starts_with('-')) return std::nullopt;
  file.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), number);
  if (error != std::errc() || end == file.data() || number < 0) return std::nullopt;
  const std::string_view rest = file.substr(static_cast<std::size_t>(end - file.data()));
  return rest == extension || rest.starts_with(".data-") ? std::optional(number) : std::nullopt;
}

// The highest number that one of these files has, complete checkpoint or not; 0 when there is none.
[[nodiscard]] inline std::int64_t highest_number(const std::vector<std::string>& names, std::string_view name,
                                                 std::string_view extension = ".index") {
  std::int64_t highest = 0;
  for (const std::string& file : names) highest = std::max(highest, number_of_file(file, name, extension).value_or(0));
  return highest;
}
// The same of the files that a prefix's directory has now.
[[nodiscard]] inline std::int64_t highest_number(io::FileSystem& files, const std::string& prefix,
                                                 std::string_view extension = ".index") {
  const std::string directory = io::parent_directory(prefix);
  if (!files.is_directory(directory)) return 0;
  return highest_number(files.list_directory(directory), io::file_name(prefix), extension);
}

// The paths of all numbered checkpoints of this name in a directory, whoever saved them.
[[nodiscard]] inline std::vector<std::string> found_newest_first(io::FileSystem& files, const std::string& directory,
                                                                 std::string_view name, std::string_view extension) {
  const std::string folder = directory.empty() ? "." : directory;
  if (!files.is_directory(folder)) return {};
  core::detail::Vec<std::pair<std::int64_t, std::string>> found;
  for (const std::string& file : files.list_directory(folder))
    if (const auto number = number_of_file(file, name, extension); number && file.ends_with(extension))
      found.emplace_back(*number, io::join_path(directory, file.substr(0, file.size() - extension.size())));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return b < a; });
  std::vector<std::string> paths;
  for (auto& item : found) paths.push_back(std::move(item.second));
  return paths;
}

}  // namespace cairn::checkpoint::detail
