// The files of a checkpoint in TensorFlow's old format V1, which tf.compat.v1.train.Saver(write_version=V1) writes:
//
//   model.ckpt                                              one file, of the name that was saved to
//   model.ckpt-00000-of-00002, model.ckpt-00001-of-00002    with sharded=True; the pattern model.ckpt-?????-of-00002,
//                                                           which the file `checkpoint` names, means all of them
#pragma once

#include "../../core/error.hpp"
#include "../../format/table_format.hpp"
#include "../../format/varint.hpp"
#include "../../io/file_system.hpp"
#include "../../io/path.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::bundle::detail {

struct V1Files {
  std::string prefix;  // as TensorFlow names the checkpoint: the file, or the pattern of several
  std::vector<std::string> paths;

  // False when there is no such checkpoint.
  explicit operator bool() const noexcept { return !paths.empty(); }
};

// Whether the file ends as tables do.
[[nodiscard]] CAIRN_COLD inline bool is_table(const std::string& path, io::FileSystem& files) {
  if (!files.exists(path) || files.is_directory(path)) return false;
  const auto file = files.open(path);
  if (file->size() < format::table_footer_size) return false;
  std::byte end[sizeof(format::table_magic)];
  file->read(file->size() - sizeof end, {end, sizeof end});
  return format::ByteReader(std::span<const std::byte>(end, sizeof end)).read_fixed64() == format::table_magic;
}

// The parts' names: "model.ckpt-" and 2 for "model.ckpt-00001-of-00002", and for the pattern that means both.
struct V1Parts {
  std::string begin;
  std::uint32_t count = 0;

  // False for other names.
  explicit operator bool() const noexcept { return count != 0; }

  static constexpr std::size_t digits = 5;
  static constexpr std::string_view middle = "-of-";

  [[nodiscard]] CAIRN_COLD static std::string five_digits(std::uint32_t number) {
    const std::string text = std::to_string(number);
    return std::string(digits - std::min(digits, text.size()), '0') + text;
  }
  [[nodiscard]] std::string path(std::uint32_t part) const {
    return begin + five_digits(part) + std::string(middle) + five_digits(count);
  }
  [[nodiscard]] CAIRN_COLD std::string pattern() const {
    return begin + std::string(digits, '?') + std::string(middle) + five_digits(count);
  }
};

// The parts that a name is one of, or means; none for other names.
[[nodiscard]] CAIRN_COLD inline V1Parts v1_parts_of(const std::string& path) {
  constexpr std::size_t end_bytes = V1Parts::digits + V1Parts::middle.size() + V1Parts::digits;
  if (path.size() <= end_bytes) return {};
  const std::string_view end = std::string_view(path).substr(path.size() - end_bytes);
  const auto number = [](std::string_view text) {
    std::uint32_t value = 0;
    for (const char c : text) value = 10 * value + static_cast<std::uint32_t>(c - '0');  // judged below
    return value;
  };
  V1Parts parts{path.substr(0, path.size() - end_bytes), number(end.substr(end_bytes - V1Parts::digits))};
  const bool is_one = parts.begin.ends_with('-') &&
                      (path == parts.pattern() || path == parts.path(number(end.substr(0, V1Parts::digits))));
  if (!is_one) return {};
  return parts;
}

// The checkpoint that a path means: its own, the one of its pattern, or that of which it is a part, or the beginning of
// the parts' names. Without paths when there is none. Throws Error (data_loss) when some of its parts are missing.
[[nodiscard]] CAIRN_COLD inline V1Files find_v1(const std::string& path, io::FileSystem& files) {
  const auto parts = v1_parts_of(path);
  if (!parts) {
    if (is_table(path, files)) return {path, {path}};
    const std::string folder = io::parent_directory(path), begin = io::file_name(path) + "-";
    if (begin == "-" || files.exists(path) || !files.is_directory(folder)) return {};
    for (const std::string& name : files.list_directory(folder))
      if (const auto beside = v1_parts_of(name); beside && beside.begin == begin && name == beside.path(0))
        return find_v1(path + name.substr(begin.size() - 1), files);
    return {};
  }
  V1Files found{parts.pattern(), {}};
  std::string missing;
  for (std::uint32_t i = 0; i < parts.count; ++i) {
    std::string part = parts.path(i);
    if (files.exists(part))
      found.paths.push_back(std::move(part));
    else if (missing.empty())
      missing = std::move(part);
  }
  if (found.paths.empty() || !is_table(found.paths.front(), files)) return {};
  if (!missing.empty())
    core::detail::fail(ErrorCode::data_loss,
                       {"the file \"", missing, "\" of the checkpoint \"", found.prefix,
                        "\" is missing; bring all files of the checkpoint"},
                       {.file = missing});
  return found;
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
