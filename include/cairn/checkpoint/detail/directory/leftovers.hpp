// What a killed process leaves in a manager's directory, and who may sweep it up.
#pragma once

#include "../../../bundle/files.hpp"
#include "../../../bundle/index.hpp"
#include "../../../bundle/naming.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../io/detail/process.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"
#include "../../../io/publish.hpp"
#include "numbering.hpp"
#include "remove_checkpoint.hpp"
#include "state_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// True when the name is io::temporary_path's and whoever made it is gone. In a container a process often has the number
// of its predecessor: what has our number and a count that we have not reached is that one's. A process of another machine
// that works on the same directory may look gone; its temporary file is then missing at its rename, which it reports, and
// nothing else is lost.
[[nodiscard]] CAIRN_COLD inline bool is_abandoned(std::string_view name) {
  if (!io::is_temporary(name)) return false;
  std::string_view tail = name.substr(name.rfind(io::temporary_mark) + io::temporary_mark.size());
  const auto process = take_number(tail);
  if (!process || !tail.starts_with('-')) return false;
  tail.remove_prefix(1);
  const auto count = take_number(tail);
  if (!count || !tail.empty()) return false;
  if (*process == 0) return true;  // io::nobodys_path
  const auto id = static_cast<io::detail::ProcessNumber>(*process);
  return id == io::detail::process_number() ? static_cast<std::uint64_t>(*count) >= io::temporary_names_taken()
                                            : io::detail::is_gone(id);
}

// The temporary files that processes which are gone left of this manager's own files: of its checkpoints, by name and
// number, and of the state file. Never anything else. `listed` are all names in the directory.
[[nodiscard]] inline std::vector<std::string> find_leftovers(const std::vector<std::string>& listed,
                                                             std::string_view checkpoint_name,
                                                             std::string_view extension = ".index") {
  std::vector<std::string> names;
  for (const std::string& name : listed) {
    if (!is_abandoned(name)) continue;
    const std::string_view final_name = std::string_view(name).substr(0, name.rfind(io::temporary_mark));
    if (final_name == bundle::detail::state_file_name || number_of_file(final_name, checkpoint_name, extension))
      names.push_back(name);
  }
  return names;
}

// True when both names are one file's, or of two with the same bytes.
[[nodiscard]] CAIRN_COLD inline bool is_same_file(io::FileSystem& files, const std::string& one,
                                                  const std::string& other) {
  try {
    const auto first = files.open(one), second = files.open(other);
    if (first->version() == second->version() && first->version() != io::FileVersion{}) return true;
    if (first->size() != second->size()) return false;
    const io::Mapping mapped[] = {first->map(), second->map()};
    return std::equal(mapped[0].bytes.begin(), mapped[0].bytes.end(), mapped[1].bytes.begin());
  } catch (const Error&) {
    return false;  // then nobody can tell whose it is
  }
}

// Removes the data files that an index under a temporary name lists: those of a save that was killed before the index
// had its name, or of a deletion. Each must have what the index says, and belong to no checkpoint that is there.
CAIRN_COLD inline void remove_data_of(io::FileSystem& files, const std::string& hidden_index,
                                      const std::string& prefix) {
  std::optional<bundle::Index> index;
  try {
    index = bundle::read_index(files, hidden_index);
    if (bundle::detail::has_index(prefix, files) &&
        bundle::read_index(files, bundle::index_path(prefix)).num_shards == index->num_shards)
      return;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::data_loss || error.code() == ErrorCode::unimplemented) return;
    throw;
  }
  struct End {
    std::int32_t shard;
    std::uint64_t at;
  };
  core::detail::Vec<End> ends;
  for (const auto* const entries : {&index->entries, &index->slices})
    for (const auto& item : *entries) {
      const bundle::Entry& entry = item.second;
      if (!entry.slices.empty()) continue;
      std::size_t known = 0;
      while (known < ends.size() && ends[known].shard != entry.shard) ++known;
      if (known == ends.size()) ends.push_back({entry.shard, 0});
      ends[known].at = std::max(ends[known].at, entry.offset + entry.size);
    }
  for (const auto& [shard, end] : ends) {
    const std::string path = bundle::data_path(prefix, shard, index->num_shards);
    if (files.exists(path) && !files.is_directory(path) && files.open(path)->size() >= end) files.remove_if_there(path);
  }
}

// What find_leftovers found.
CAIRN_COLD inline void remove_leftover(io::FileSystem& files, const std::string& directory, const std::string& name) {
  const std::string path = io::join_path(directory, name);
  constexpr std::string_view extension = ".index";
  const std::string final_path = path.substr(0, path.rfind(io::temporary_mark));
  if (final_path.ends_with(extension) && files.exists(path))
    remove_data_of(files, path, final_path.substr(0, final_path.size() - extension.size()));
  files.remove_if_there(path);
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
