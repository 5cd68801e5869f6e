// The file `checkpoint` in a checkpoint's directory: which checkpoints there are and which is the latest.
//
//   model_checkpoint_path: "ckpt-2"
//   all_model_checkpoint_paths: "ckpt-1"
//   all_model_checkpoint_paths: "ckpt-2"
//
// TensorFlow's python/checkpoint/checkpoint_management.py. Nothing here looks for checkpoints in the directory: a
// checkpoint that the file does not name is not known.
#pragma once

#include "../bundle/naming.hpp"
#include "../core/error.hpp"
#include "../format/checkpoint_state.hpp"
#include "../io/file_system.hpp"
#include "../io/path.hpp"
#include "../io/posix.hpp"
#include "../io/publish.hpp"
#include "../io/whole_file.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn {

using CheckpointState = format::CheckpointState;

namespace detail {

inline constexpr std::string_view state_file_name = "checkpoint";
// A state file names each kept checkpoint once or twice; one this large is something else.
inline constexpr std::uint64_t max_state_file_bytes = std::uint64_t{64} << 20;

[[nodiscard]] inline std::string state_file_path(const std::string& directory) {
  return io::join_path(directory, state_file_name);
}

// The path as it is written into the directory's state file: relative to the directory where it lies in it.
[[nodiscard]] inline std::string relative_to(const std::string& directory, const std::string& path) {
  const std::string prefix = io::join_path(directory, "");
  if (!prefix.empty() && path.starts_with(prefix) && path.size() > prefix.size()) {
    std::string_view name = std::string_view(path).substr(prefix.size());
    while (name.starts_with('/')) name.remove_prefix(1);
    return std::string(name);
  }
  const std::filesystem::path relative =
      std::filesystem::path(path).lexically_relative(directory.empty() ? "." : directory);
  return relative.empty() ? path : relative.string();
}

// True when the path, as it is spelled, lies in the directory or below it.
[[nodiscard]] inline bool is_inside(const std::string& directory, const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(directory.empty() ? "." : directory).lexically_normal();
  const std::filesystem::path relative = std::filesystem::path(path).lexically_normal().lexically_relative(folder);
  return !relative.empty() && *relative.begin() != ".." && relative != ".";
}

inline void write_state(io::FileSystem& files, const std::string& directory, CheckpointState state, bool durable) {
  state.model_checkpoint_path = relative_to(directory, state.model_checkpoint_path);
  for (std::string& path : state.all_model_checkpoint_paths) path = relative_to(directory, path);
  io::write_file_atomically(files, state_file_path(directory), format::encode_text(state), durable);
}

// nullopt when the directory has no state file. Paths come out joined to the directory.
[[nodiscard]] inline std::optional<CheckpointState> read_state(io::FileSystem& files, const std::string& directory) {
  const std::string path = state_file_path(directory);
  if (!files.exists(path) || files.is_directory(path)) return std::nullopt;
  CheckpointState state;
  try {
    state = format::decode_checkpoint_state(io::read_whole_file(files, path, max_state_file_bytes));
  } catch (Error& error) {
    throw Error(error.code(), "the state file " + path + " cannot be read (" + error.what() +
                                  "); it names the checkpoints of this directory: repair it, or remove it and restore "
                                  "a checkpoint by its path")
        .in_file(path);
  }
  if (state.model_checkpoint_path.empty())
    throw Error(ErrorCode::data_loss, "the state file " + path +
                                          " names no model_checkpoint_path; repair it, or remove it and restore a "
                                          "checkpoint by its path")
        .in_file(path);
  state.model_checkpoint_path = io::join_path(directory, state.model_checkpoint_path);
  for (std::string& each : state.all_model_checkpoint_paths) each = io::join_path(directory, each);
  return state;
}

}  // namespace detail

// The directory's state, paths joined to the directory; nullopt when nothing was saved there. Throws Error (data_loss)
// for a file that is damaged: TensorFlow logs a warning and says there is no checkpoint, so that training starts anew.
[[nodiscard]] inline std::optional<CheckpointState> get_checkpoint_state(const std::filesystem::path& directory) {
  return detail::read_state(io::posix(), directory.string());
}

// The path of the newest checkpoint; nullopt when nothing was saved there, or when its .index is gone (as
// tf.train.latest_checkpoint). Looks at no other file. Throws as get_checkpoint_state.
[[nodiscard]] inline std::optional<std::string> latest_checkpoint(const std::filesystem::path& directory) {
  auto state = get_checkpoint_state(directory);
  if (!state || !io::posix().exists(bundle::index_path(state->model_checkpoint_path))) return std::nullopt;
  return std::move(state->model_checkpoint_path);
}

}  // namespace cairn
