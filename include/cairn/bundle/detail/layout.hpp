// Data files that several bundles have: where a bundle that was just written has its bytes, and a bundle that takes over
// data files of another one, under second names (hard links).
//
//   core::detail::Vec<SharedDataFile> shared = ...;      from share(files, layout.files[1], "ckpt-2"), with entries of it
//   const Layout layout = finish_sharing(writer, shared);
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../io/file_system.hpp"
#include "../../io/publish.hpp"
#include "../index.hpp"
#include "../naming.hpp"
#include "bundle_writer.hpp"
#include "unused_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace CAIRN_NAMESPACE::bundle::detail {

struct DataFile {
  std::string path;
  std::uint64_t size = 0;
  io::FileVersion version;
  bool is_durable = false;  // its bytes are on the disk
};

struct Layout {
  core::detail::Vec<DataFile> files;
  PlannedEntries entries;  // `shard` is the place in `files`; that of a partitioned tensor means nothing
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

// Finishes the writer, in which every tensor is planned. The shared files become the last ones of the bundle, and the
// bytes of them that it does not use are noted in the header. Returns the data files and the entries, whose keys are
// those that the writer was given. Throws Error with the codes of BundleWriter::finish.
[[nodiscard]] inline Layout finish_sharing(BundleWriter& writer, core::detail::Vec<SharedDataFile>& shared) {
  writer.flush();
  core::detail::Vec<ShardId> ids;
  for (SharedDataFile& each : shared) {
    ids.push_back(writer.adopt(std::move(each.name), each.file.is_durable));
    for (const auto& [key, entry] : each.entries) writer.plan_stored(key, entry, ids.back());
  }
  writer.complete();
  for (std::size_t i = 0; i < shared.size(); ++i)
    append_unused(writer.header().unused_bytes, writer.number_of(ids[i]), shared[i].entries, shared[i].file.size);
  Layout layout;
  const std::int32_t first = writer.publication().number_of(0);
  layout.files.resize(writer.shards().list().size());
  for (const NewShard& shard : writer.shards().list()) {
    const std::int32_t number = writer.number_of(shard.id) - first;
    const auto opened = writer.files().open(shard.file->path());
    layout.files[static_cast<std::size_t>(number)] = {writer.publication().data_path(number), opened->size(),
                                                      opened->version(), shard.is_durable};
  }
  writer.publish(encode_index(writer.header(), writer.entries()));
  layout.entries = std::move(writer.entries());
  for (KeyedEntry& item : layout.entries) item.entry.shard -= first;
  return layout;
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
