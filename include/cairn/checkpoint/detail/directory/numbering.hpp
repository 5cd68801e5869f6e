// "training/ckpt" and 3 make "training/ckpt-3"; and which numbers of a name are taken.
#pragma once

#include "../../../core/detail/fail.hpp"
#include "../../../core/detail/sort.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

[[nodiscard]] CAIRN_COLD inline std::string numbered_path(const std::string& prefix, std::int64_t number) {
  return prefix + "-" + std::to_string(number);
}

// Reads the digits at the beginning of `text` and removes them. Returns nullopt, and leaves the text as it is, where
// there are none, or more than a number can have.
[[nodiscard]] inline std::optional<std::int64_t> take_number(std::string_view& text) noexcept {
  std::int64_t number = 0;
  std::size_t count = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    const int digit = text[count] - '0';
    if (number > (std::numeric_limits<std::int64_t>::max() - digit) / 10) return std::nullopt;
    number = 10 * number + digit;
  }
  if (count == 0) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

// The number of a checkpoint's file in a directory: "ckpt-3.index" and "ckpt-3.data-00000-of-00001" of "ckpt" give 3.
// `extension` is that of the file which makes a checkpoint exist.
[[nodiscard]] inline std::optional<std::int64_t> number_of_file(std::string_view file, std::string_view name,
                                                                std::string_view extension = ".index") {
  if (!file.starts_with(name)) return std::nullopt;
  file.remove_prefix(name.size());
  if (!file.starts_with('-')) return std::nullopt;
  file.remove_prefix(1);
  const std::optional<std::int64_t> number = take_number(file);
  return file == extension || file.starts_with(".data-") ? number : std::nullopt;
}

// The highest number that one of these files has, complete checkpoint or not; 0 when there is none.
[[nodiscard]] CAIRN_COLD inline std::int64_t highest_number(const std::vector<std::string>& names,
                                                            std::string_view name,
                                                            std::string_view extension = ".index") {
  std::int64_t highest = 0;
  for (const std::string& file : names) highest = std::max(highest, number_of_file(file, name, extension).value_or(0));
  return highest;
}
// The same of the files that a prefix's directory has now.
[[nodiscard]] inline std::int64_t highest_number(io::FileSystem& files, const std::string& prefix,
                                                 std::string_view extension = ".index") {
  try {
    return highest_number(files.list_directory(io::parent_directory(prefix)), io::file_name(prefix), extension);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    return 0;
  }
}

// The number after the highest that the save counter or a file has. Throws Error (out_of_range) where there is none.
[[nodiscard]] inline std::int64_t number_after(std::int64_t highest, const std::string& prefix) {
  if (highest == std::numeric_limits<std::int64_t>::max())
    core::detail::fail(ErrorCode::out_of_range,
                       {"there is no number after ", highest, ", which the save counter or a file called ", prefix,
                        " has; set the counter back, or save under another name"},
                       {.file = prefix});
  return highest + 1;
}

// The paths of all numbered checkpoints of this name in a directory, whoever saved them.
[[nodiscard]] inline std::vector<std::string> found_newest_first(io::FileSystem& files, const std::string& directory,
                                                                 std::string_view name, std::string_view extension) {
  const std::string folder = directory.empty() ? "." : directory;
  if (!files.is_directory(folder)) return {};
  struct Found {
    std::int64_t number;
    std::string path;
  };
  core::detail::Vec<Found> found;
  for (const std::string& file : files.list_directory(folder))
    if (const auto number = number_of_file(file, name, extension); number && file.ends_with(extension))
      found.push_back({*number, io::join_path(directory, file.substr(0, file.size() - extension.size()))});
  core::detail::sort(found, [](const Found& a, const Found& b) {
    return a.number != b.number ? a.number > b.number : a.path > b.path;
  });
  std::vector<std::string> paths;
  for (Found& each : found) paths.push_back(std::move(each.path));
  return paths;
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
