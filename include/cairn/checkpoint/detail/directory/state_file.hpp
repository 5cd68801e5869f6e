// The file `checkpoint` in a directory of checkpoints: their names, and which is the latest. bundle/find_checkpoint.hpp
// reads the file, this header writes it.
//
//   model_checkpoint_path: "ckpt-2"
//   all_model_checkpoint_paths: "ckpt-1"
//   all_model_checkpoint_paths: "ckpt-2"
#pragma once

#include "../../../bundle/find_checkpoint.hpp"
#include "../../../core/durability.hpp"
#include "../../../format/checkpoint_state.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"
#include "../../../io/publish.hpp"

#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE {

namespace checkpoint::detail {

// Returns the path in the form in which the directory's state file has it: relative to the directory if it lies in it.
[[nodiscard]] CAIRN_COLD inline std::string relative_to(const std::string& directory, const std::string& path) {
  const std::string prefix = io::join_path(directory, "");
  if (!prefix.empty() && path.starts_with(prefix) && path.size() > prefix.size()) {
    std::string_view name = std::string_view(path).substr(prefix.size());
    while (name.starts_with('/')) name.remove_prefix(1);
    return std::string(name);
  }
  return io::relative_path(path, directory.empty() ? "." : directory).value_or(path);
}

// Returns true when the path, as it is spelled, lies in the directory or below it.
[[nodiscard]] CAIRN_COLD inline bool is_inside(const std::string& directory, const std::string& path) {
  // Nearly all paths are spelled like this, and a file may name a million.
  const std::string prefix = io::join_path(directory, "");
  if (path.size() > prefix.size() && path.starts_with(prefix) &&
      path.find_first_of(std::string_view("./\0", 3), prefix.size()) == std::string::npos)
    return true;
  const auto relative = io::relative_path(io::normal_path(path), io::normal_path(directory.empty() ? "." : directory));
  return relative && *relative != "." && *relative != ".." && !relative->starts_with("../") &&
         path.find('\0') == std::string::npos;
}

// Writes the state file at one instant; `notes` are comment lines at its end.
CAIRN_COLD inline void write_state(io::FileSystem& files, const std::string& directory, CheckpointState state,
                                   Durability durability, const std::string& notes = {}) {
  state.model_checkpoint_path = relative_to(directory, state.model_checkpoint_path);
  for (std::string& path : state.all_model_checkpoint_paths) path = relative_to(directory, path);
  io::write_file_atomically(files, bundle::detail::state_file_path(directory), format::encode_text(state) + notes,
                            durability);
}

}  // namespace checkpoint::detail

}  // namespace CAIRN_NAMESPACE
