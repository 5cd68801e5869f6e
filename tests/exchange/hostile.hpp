// Files that were made to do harm, from their bytes.
#pragma once

#include <cairn/exchange/npz.hpp>
#include <cairn/exchange/safetensors.hpp>

#include <doctest/doctest.h>

#include "io/files.hpp"
#include "support/scratch.hpp"

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cairn::test {

// Returns numbers as a zip file has them, little-endian; each stands with the count of its bytes.
[[nodiscard]] inline std::string zip_numbers(std::initializer_list<std::pair<std::uint64_t, std::size_t>> numbers) {
  std::string text;
  for (const auto& [value, bytes] : numbers) exchange::detail::append_zip_number(text, value, bytes);
  return text;
}

// A member of a zip file as its headers describe it, truly or not.
struct ZipPart {
  std::string name, packed;
  std::uint64_t method = exchange::detail::zip_stored;
  std::string contents = packed;          // its checksum is in the headers
  std::uint64_t bytes = contents.size();  // as the directory says
  std::uint64_t offset = 0;               // of the local header
  std::uint64_t packed_bytes = packed.size();
  std::string extra = {}, comment = {};  // of the directory

  [[nodiscard]] std::uint32_t crc() const {
    return exchange::detail::extend_crc32(0, std::as_bytes(std::span(contents)));
  }
  [[nodiscard]] std::string local() const {
    return zip_numbers({{exchange::detail::zip_local_mark, 4},
                        {20, 2},
                        {0, 2},
                        {method, 2},
                        {0, 4},
                        {crc(), 4},
                        {packed.size(), 4},
                        {contents.size(), 4},
                        {name.size(), 2},
                        {0, 2}}) +
           name + packed;
  }
  [[nodiscard]] std::string central() const {
    return zip_numbers({{exchange::detail::zip_central_mark, 4},
                        {20, 2},
                        {20, 2},
                        {0, 2},
                        {method, 2},
                        {0, 4},
                        {crc(), 4},
                        {packed_bytes, 4},
                        {bytes, 4},
                        {name.size(), 2},
                        {extra.size(), 2},
                        {comment.size(), 2},
                        {0, 4},
                        {0, 4},
                        {offset, 4}}) +
           name + extra + comment;
  }
};
[[nodiscard]] inline std::string zip_end(std::uint64_t count, std::uint64_t size, std::uint64_t offset) {
  return zip_numbers(
      {{exchange::detail::zip_end_mark, 4}, {0, 4}, {count, 2}, {count, 2}, {size, 4}, {offset, 4}, {0, 2}});
}
[[nodiscard]] inline std::string zip_of(const ZipPart& part) {
  return part.local() + part.central() + zip_end(1, part.central().size(), part.local().size());
}

// A file whose bytes a test chooses, and all of whose tensors are read.
struct Hostile {
  ScratchDirectory scratch;
  std::string file = (scratch.path() / "file").string();

  void write(const std::string& bytes) const {
    std::filesystem::remove(file);
    write_file(io::native(), file, bytes, false);
  }
  [[nodiscard]] std::vector<AnyTensor> read_all(const std::string& bytes, bool is_npz) const {
    write(bytes);
    const TensorFile read = is_npz ? read_npz(file) : read_safetensors(file);
    std::vector<AnyTensor> values;
    for (const auto& tensor : read.tensors()) values.push_back(TensorFile::read(tensor));
    return values;
  }
  // The code and the sentence of the Error of a file, in which F is the path; "" for a good file.
  [[nodiscard]] std::string refusal(const std::string& bytes, bool is_npz) const {
    std::string sentence;
    try {
      static_cast<void>(read_all(bytes, is_npz));
    } catch (const Error& error) {
      CHECK(error.file().starts_with(file));
      (sentence = to_string(error.code())).append(": ").append(error.what());
    }
    for (std::size_t at; (at = sentence.find(file)) != sentence.npos;) sentence.replace(at, file.size(), "F");
    return sentence;
  }
  [[nodiscard]] std::string safetensors(const std::string& header, const std::string& data = "") const {
    return refusal(zip_numbers({{header.size(), 8}}) + header + data, false);
  }
};

}  // namespace cairn::test
