// What tests of io ask of any file system, in a line each.
#pragma once

#include <cairn/io/file_system.hpp>
#include <cairn/io/whole_file.hpp>

#include "support/errors.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cairn::test {

inline void write_file(io::FileSystem& files, const std::string& path, std::string_view text, bool sync = true) {
  const auto file = files.create(path);
  file->write(0, std::as_bytes(std::span(text)));
  if (sync) file->sync();
  file->close();
}

inline std::string read_file(io::FileSystem& files, const std::string& path) {
  return io::read_whole_file(files, path, std::uint64_t{1} << 30);
}

}  // namespace cairn::test
