// Which checkpoint a path means: one of its own, a directory's latest, a SavedModel's.
//
//   training/ckpt-3         itself; training/ckpt-3.index is understood, too
//   training                the one that training/checkpoint names as the latest
//   saved_model             saved_model/variables/variables
//
// The file `checkpoint` (TensorFlow's python/checkpoint/checkpoint_management.py) is read here and written by
// checkpoint/state_file.hpp. Nothing looks for checkpoints in the directory: one that the file does not name is not
// known.
#pragma once

#include "../core/error.hpp"
#include "../format/checkpoint_state.hpp"
#include "../io/file_system.hpp"
#include "../io/path.hpp"
#include "../io/posix.hpp"
#include "../io/whole_file.hpp"
#include "files.hpp"
#include "naming.hpp"

#include <cstdint>
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

// nullopt when the directory has no state file. Paths come out joined to the directory. `text` gets the file as it is,
// also when it is damaged.
[[nodiscard]] inline std::optional<CheckpointState> read_state(io::FileSystem& files, const std::string& directory,
                                                               std::string* text = nullptr) {
  const std::string path = state_file_path(directory);
  if (!files.exists(path) || files.is_directory(path)) return std::nullopt;
  CheckpointState state;
  try {
    std::string content = io::read_whole_file(files, path, max_state_file_bytes);
    if (text != nullptr) *text = content;
    state = format::decode_checkpoint_state(content);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::data_loss && error.code() != ErrorCode::out_of_range) throw;  // not the file's fault
    throw Error(ErrorCode::data_loss,
                "the state file " + path + " cannot be read (" + error.what() +
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

// Where a SavedModel directory keeps its checkpoint; nullopt for a path that is no such directory.
[[nodiscard]] inline std::optional<std::string> saved_model_prefix(io::FileSystem& files, const std::string& path) {
  if (files.is_directory(path))
    for (const char* const name : {"saved_model.pb", "saved_model.pbtxt"})
      if (files.exists(io::join_path(path, name))) return io::join_path(path, "variables/variables");
  return std::nullopt;
}

}  // namespace detail

// The directory's state, paths joined to the directory; nullopt when nothing was saved there. Throws Error (data_loss)
// for a file that is damaged: TensorFlow logs a warning and says there is no checkpoint, so that training starts anew.
[[nodiscard]] inline std::optional<CheckpointState> get_checkpoint_state(const std::filesystem::path& directory) {
  return detail::read_state(io::posix(), directory.string());
}

// The path of the newest checkpoint; nullopt when nothing was saved there, or when its .index is gone and there is no
// file of format V1 (as tf.train.latest_checkpoint). Looks at no other file. Throws as get_checkpoint_state.
[[nodiscard]] inline std::optional<std::string> latest_checkpoint(const std::filesystem::path& directory) {
  auto state = get_checkpoint_state(directory);
  if (!state || !bundle::checkpoint_exists(state->model_checkpoint_path)) return std::nullopt;
  return std::move(state->model_checkpoint_path);
}

namespace bundle {

// The prefix of the checkpoint that a path means (above). Throws Error: not_found when there is none; data_loss for a
// file `checkpoint` that is damaged.
[[nodiscard]] inline std::string find_checkpoint(const std::filesystem::path& path,
                                                 io::FileSystem& files = io::posix()) {
  const std::string text = path.string();
  if (!files.is_directory(text) || exists(text, files)) return existing_prefix(text, files);
  const auto state = detail::read_state(files, text);
  if (state && checkpoint_exists(state->model_checkpoint_path, files)) return state->model_checkpoint_path;
  if (auto prefix = detail::saved_model_prefix(files, text); prefix && exists(*prefix, files))
    return std::move(*prefix);
  throw detail::no_checkpoint_in(text, files);
}

}  // namespace bundle

}  // namespace cairn
