// A checkpoint that is one archive in one file, for a manager of another format than TensorFlow's bundles.
//
//   ckpt-3.json:   what the archive wrote, a line break, 32 blanks
//
// The blanks are the crc32c of everything before them, a space for 0 and a tab for 1, the highest bit first: they mean
// nothing to JSON, to XML and to whoever reads a binary archive, and no archive is parsed whose checksum is wrong.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/durability.hpp"
#include "../../core/error.hpp"
#include "../../format/crc32c.hpp"
#include "../../io/file_system.hpp"
#include "../../io/publish.hpp"
#include "../../io/whole_file.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// What a format knows of the user's types; the rest of a manager does without them.
class ArchiveForm {
 public:
  explicit ArchiveForm(std::string_view extension) : extension_(extension) {}
  ArchiveForm(const ArchiveForm&) = delete;
  ArchiveForm& operator=(const ArchiveForm&) = delete;
  virtual ~ArchiveForm() = default;

  // What a checkpoint's file is called behind its number: ".json".
  [[nodiscard]] const std::string& extension() const noexcept { return extension_; }

  // The tracked state and the save counter, now.
  [[nodiscard]] virtual std::string encode(std::int64_t save_counter) const = 0;
  // Sets the tracked state, and returns the save counter. Throws whatever the archive throws; then the state may have
  // changed in part.
  [[nodiscard]] virtual std::int64_t decode(const std::string& bytes) = 0;
  // Of what is tracked at the top.
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;

 private:
  std::string extension_;
};

// Specialised by each format: make(children of a Checkpoint).
template <class Format>
struct FormOf {
  static_assert(!std::is_same_v<Format, Format>,
                "cairn: a CheckpointManager writes format::TensorBundle or, below an include of <cairn/cereal.hpp>, "
                "format::Cereal<...> with a pair of cereal's archives. This Format is neither.");
  template <class Children>
  [[nodiscard]] static core::detail::Own<ArchiveForm> make(const Children&) {
    return nullptr;
  }
};

inline constexpr std::size_t archive_seal_bytes = 33;

[[nodiscard]] inline std::string archive_seal(std::string_view bytes) {
  const std::uint32_t crc = format::crc32c(std::as_bytes(std::span(bytes)));
  std::string seal = "\n";
  for (int bit = 31; bit >= 0; --bit) seal += (crc >> bit & 1u) != 0 ? '\t' : ' ';
  return seal;
}

// At one instant the file at `path` is the new one; `bytes` are what encode() made. `second_name` as WriterOptions'.
inline void write_archive(io::FileSystem& files, const std::string& path, std::string bytes, Durability durability,
                          std::string* second_name = nullptr) {
  bytes += archive_seal(bytes);
  files.expect(bytes.size());
  files.create_directories(io::parent_directory(path), durability);
  io::write_file_atomically(files, path, bytes, durability, second_name);
}

// Throws Error: not_found; data_loss when the checksum is wrong.
[[nodiscard]] inline std::string read_archive(io::FileSystem& files, const std::string& path) {
  std::string bytes = io::read_whole_file(files, path, std::numeric_limits<std::size_t>::max() / 4);
  const std::size_t size = bytes.size() < archive_seal_bytes ? 0 : bytes.size() - archive_seal_bytes;
  if (archive_seal(std::string_view(bytes).substr(0, size)) != std::string_view(bytes).substr(size))
    core::detail::fail(ErrorCode::data_loss,
                       {"\"", path,
                        "\" does not end with the blanks that are its checksum, or they are another "
                        "text's; the file was cut, damaged or edited: restore an older checkpoint"},
                       {.file = path});
  bytes.resize(size);
  return bytes;
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
