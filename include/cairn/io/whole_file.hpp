// read_whole_file: a small file as one text, such as the state file or an index.
#pragma once

#include "../core/detail/fail.hpp"
#include "file_system.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE::io {

// Returns the whole contents of a file that is open; `path` is its name in messages. Throws Error with
// ErrorCode::out_of_range, before anything is read, when the file is larger than `max_bytes`; ErrorCode::data_loss when
// it gets shorter meanwhile.
[[nodiscard]] CAIRN_COLD inline std::string read_whole_file(const ReadableFile& file, const std::string& path,
                                                            std::uint64_t max_bytes) {
  const std::uint64_t size = file.size();
  if (size > max_bytes)
    core::detail::fail(ErrorCode::out_of_range,
                       {"\"", path, "\" has ", size, " bytes, more than the ", max_bytes,
                        " that such a file can need; it is something else, or damaged"},
                       {.file = path,
                        .expected = core::detail::sentence_of({"at most ", max_bytes, " bytes"}),
                        .found = core::detail::sentence_of({size, " bytes"})});
  std::string content(static_cast<std::size_t>(size), '\0');
  file.read(0, std::as_writable_bytes(std::span(content)));
  return content;
}
// Opens the file, and returns its whole contents. Throws Error with the codes of FileSystem::open, and with those of the
// function above.
[[nodiscard]] inline std::string read_whole_file(FileSystem& files, const std::string& path, std::uint64_t max_bytes) {
  return read_whole_file(*core::detail::Own<ReadableFile>(files.open(path).release()), path, max_bytes);
}

}  // namespace CAIRN_NAMESPACE::io
