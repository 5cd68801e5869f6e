// A file of another format on its way to the disk: written beside, synced, renamed, as io/publish.hpp has it.
#pragma once

#include "../../io/file_system.hpp"
#include "../../io/path.hpp"
#include "../../io/publish.hpp"

#include <string>

namespace cairn::exchange::detail {

// `write(io::WritableFile&)` writes the whole content. Folders that are missing are made. Throws Error when anything
// fails; then `path` is what it was.
template <class Write>
void publish_file(io::FileSystem& files, const std::string& path, bool durable, Write write) {
  files.create_directories(io::parent_directory(path), durable);
  io::TemporaryFile temporary(files, path);
  write(temporary.file());
  temporary.finish(durable);
  temporary.rename_to(path);
  if (durable) files.sync_directory(io::parent_directory(path));
}

}  // namespace cairn::exchange::detail
