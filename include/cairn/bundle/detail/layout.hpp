// Where a bundle that was just written has its bytes: enough for the next one to share its data files.
//
//   Layout layout;
//   writer.finish(nullptr, &layout);
//   ... another_writer.add_data_file({layout.files[1], entries of it, TemporaryFile::of_existing(...)});
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../io/file_system.hpp"
#include "../../io/publish.hpp"
#include "../index.hpp"
#include "../naming.hpp"

#include <cstdint>
#include <string>

namespace cairn::bundle::detail {

struct DataFile {
  std::string path;
  std::uint64_t size = 0;
  io::FileVersion version;
  bool is_durable = false;  // its bytes are on the disk
};

struct Layout {
  core::detail::Vec<DataFile> files;
  bundle::EntryList entries;  // of all but partitioned tensors. `shard` is the place in `files`
};

// A data file of another bundle, under a temporary name of its own.
struct SharedDataFile {
  DataFile file;
  bundle::EntryList entries;  // those that the new bundle takes over; `shard` means nothing
  core::detail::Own<io::TemporaryFile> name;
};

// Gives the file a second name, beside `prefix`. Its `name` is null where that cannot be, or where it is no longer the
// file that was written: gone, replaced, or written to since. Throws Error when the disk refuses.
[[nodiscard]] inline SharedDataFile share(io::FileSystem& files, const DataFile& file, const std::string& prefix) {
  SharedDataFile shared{file, {}, io::TemporaryFile::of_existing(files, file.path, bundle::data_path(prefix, 0, 1))};
  if (shared.name == nullptr) return shared;
  const auto opened = files.open(shared.name->path());
  const bool is_known = opened->version() != io::FileVersion{};
  if (!is_known || opened->size() != file.size || opened->version() != file.version) shared.name.reset();
  return shared;
}

}  // namespace cairn::bundle::detail
