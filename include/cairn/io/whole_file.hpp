// read_whole_file: a small file as one text, such as the state file or an index.
#pragma once

#include "file_system.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cairn::io {

// Returns the whole contents of a file. Throws Error with ErrorCode::out_of_range, before anything is read, when the
// file is larger than `max_bytes`; ErrorCode::not_found when there is no such file; ErrorCode::data_loss when it gets
// shorter meanwhile.
[[nodiscard]] inline std::string read_whole_file(FileSystem& files, const std::string& path, std::uint64_t max_bytes) {
  const auto file = files.open(path);
  const std::uint64_t size = file->size();
  if (size > max_bytes)
    throw Error(ErrorCode::out_of_range, "\"" + path + "\" has " + std::to_string(size) + " bytes, more than the " +
                                             std::to_string(max_bytes) +
                                             " that such a file can need; it is something else, or damaged")
        .in_file(path)
        .expecting("at most " + std::to_string(max_bytes) + " bytes", std::to_string(size) + " bytes");
  std::string content(static_cast<std::size_t>(size), '\0');
  file->read(0, std::as_writable_bytes(std::span(content)));
  return content;
}

}  // namespace cairn::io
