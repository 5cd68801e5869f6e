// What tests of io ask of any file system, in a line each.
#pragma once

#include <cairn/io/file_system.hpp>
#include <cairn/io/whole_file.hpp>

#include <cstdint>
#include <optional>
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

// The code of the Error that `call` throws; nullopt when it throws none.
template <class Call>
std::optional<ErrorCode> code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

// The sentence of the Error that `call` throws; empty when it throws none.
template <class Call>
std::string sentence_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace cairn::test
