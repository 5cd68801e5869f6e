// find_checkpoint: the checkpoint that a path means.
//
//   training/ckpt-3         that checkpoint; training/ckpt-3.index is understood, too
//   training                the checkpoint that training/checkpoint names as the latest
//   saved_model             saved_model/variables/variables
//
// After a directory was moved, its file `checkpoint` may still have the paths of the old place, also Windows paths.
// When no checkpoint is at such a path, the path means the checkpoint of the same name beside the file `checkpoint`.
//
// This file reads the file `checkpoint` (TensorFlow's python/checkpoint/checkpoint_management.py);
// checkpoint/detail/directory/state_file.hpp writes it. No function searches the directory for checkpoints: one that
// the file does not name is not known.
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/own.hpp"
#include "../core/path_argument.hpp"
#include "../format/checkpoint_state.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "../io/path.hpp"
#include "../io/publish.hpp"
#include "../io/whole_file.hpp"
#include "detail/no_checkpoint.hpp"
#include "detail/v1_files.hpp"
#include "files.hpp"
#include "naming.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// The contents of the file `checkpoint`, as get_checkpoint_state() returns them.
using CheckpointState = format::CheckpointState;

namespace bundle::detail {

inline constexpr std::string_view state_file_name = "checkpoint";
// A state file names each checkpoint of the directory once or twice; a file larger than this is something else.
inline constexpr std::uint64_t max_state_file_bytes = std::uint64_t{64} << 20;

[[nodiscard]] inline std::string state_file_path(const std::string& directory) {
  return io::join_path(directory, state_file_name);
}

// Returns true for a file that a CheckpointManager of another format saved, such as "ckpt-3.json". It is recognised by
// the blanks at its end (checkpoint/detail/archive_form.hpp).
[[nodiscard]] inline bool is_archive(io::FileSystem& files, const std::string& path) {
  constexpr std::size_t blanks = 32;
  const std::string name = io::file_name(path);
  if (io::is_temporary(name) || name.ends_with(".index") || files.is_directory(path)) return false;
  try {
    const auto file = files.open(path);
    if (file->size() <= blanks) return false;
    std::string end(blanks + 1, '\0');
    file->read(file->size() - end.size(), std::as_writable_bytes(std::span(end)));
    return end[0] == '\n' && end.find_first_not_of(" \t", 1) == std::string::npos;
  } catch (const Error&) {
    return false;
  }
}

// Returns the path of such a file of the checkpoint at `path`; nullopt when there is none.
[[nodiscard]] inline std::optional<std::string> find_archive(io::FileSystem& files, const std::string& path) {
  const std::string folder = io::parent_directory(path), begin = io::file_name(path) + ".";
  if (begin.size() == 1 || !files.is_directory(folder)) return std::nullopt;
  for (const std::string& name : files.list_directory(folder)) {
    if (!name.starts_with(begin) || name.find('.', begin.size()) != std::string::npos) continue;
    std::string file = path + name.substr(begin.size() - 1);
    if (is_archive(files, file)) return file;
  }
  return std::nullopt;
}

[[nodiscard]] inline bool is_checkpoint_of_any_format(io::FileSystem& files, const std::string& path) {
  return bundle::checkpoint_exists(path, files) || find_archive(files, path).has_value();
}

// Resolves the paths that a state file names. The directory is listed once, when the first path is asked for that does
// not stand in it.
class NamedPaths {
 public:
  NamedPaths(io::FileSystem& files, const std::string& directory) : files_(&files), directory_(directory) {}

  [[nodiscard]] std::string resolve(const std::string& named) {
    std::string path = io::join_path(directory_, named);
    const std::size_t slash = named.find_last_of("/\\");
    if (slash == std::string::npos || slash + 1 == named.size()) return path;
    const std::string name = named.substr(slash + 1);
    if (!may_be_beside(name) || is_checkpoint_of_any_format(*files_, path)) return path;
    std::string beside = io::join_path(directory_, name);
    return is_checkpoint_of_any_format(*files_, beside) ? beside : path;
  }

 private:
  // Returns false when no file in the directory has a name that begins with `name`. A name of format V1 may be a
  // pattern.
  [[nodiscard]] bool may_be_beside(const std::string& name) {
    if (!is_listed_) listed_ = files_->list_directory(directory_.empty() ? "." : directory_);
    is_listed_ = true;
    const auto first = std::lower_bound(listed_.begin(), listed_.end(), name.substr(0, name.find('?')));
    return first != listed_.end() && first->starts_with(name.substr(0, name.find('?')));
  }

  io::FileSystem* files_;
  std::string directory_;
  std::vector<std::string> listed_;
  bool is_listed_ = false;
};

// Reads the state file as read_state() does, but leaves the paths as the file spells them.
[[nodiscard]] CAIRN_COLD inline core::detail::Own<CheckpointState> read_named_state(io::FileSystem& files,
                                                                                    const std::string& directory,
                                                                                    std::string* text = nullptr) {
  const std::string path = state_file_path(directory);
  auto state = core::detail::make_own<CheckpointState>();
  try {
    const auto file = files.open_if_there(path);
    if (!file) return nullptr;
    std::string content = io::read_whole_file(*file, path, max_state_file_bytes);
    if (text != nullptr) *text = content;
    *state = format::decode_checkpoint_state(content);
    if (state->model_checkpoint_path.empty()) core::detail::fail(ErrorCode::data_loss, {"no model_checkpoint_path"});
  } catch (const Error& error) {
    if (files.is_directory(path)) return nullptr;
    if (error.code() != ErrorCode::data_loss && error.code() != ErrorCode::out_of_range) throw;  // not the file's fault
    core::detail::fail(ErrorCode::data_loss,
                       {"the state file ", path, " cannot be read (", error.what(),
                        "); it names the checkpoints of this directory: repair it, or remove it and restore "
                        "a checkpoint by its path"},
                       {.file = path});
  }
  return state;
}

// Reads the state file of a directory; null when there is none. The paths come out joined to the directory. `*text`
// gets the bytes of the file, also when it is damaged. Throws Error with ErrorCode::data_loss for a damaged file.
[[nodiscard]] CAIRN_COLD inline core::detail::Own<CheckpointState> read_state(io::FileSystem& files,
                                                                              const std::string& directory,
                                                                              std::string* text = nullptr) {
  auto state = read_named_state(files, directory, text);
  if (!state) return nullptr;
  NamedPaths paths(files, directory);
  state->model_checkpoint_path = paths.resolve(state->model_checkpoint_path);
  for (std::string& each : state->all_model_checkpoint_paths) each = paths.resolve(each);
  return state;
}

// Returns the latest checkpoint's path as the state file spells it; the state file must exist.
[[nodiscard]] inline std::string named_as_latest(io::FileSystem& files, const std::string& directory) {
  const auto state = read_named_state(files, directory);
  return state ? state->model_checkpoint_path : std::string();
}

// Returns the prefix of the checkpoint in a SavedModel's directory; nullopt for a path that is no such directory.
[[nodiscard]] inline std::optional<std::string> saved_model_prefix(io::FileSystem& files, const std::string& path) {
  if (files.is_directory(path))
    for (const char* const name : {"saved_model.pb", "saved_model.pbtxt"})
      if (files.exists(io::join_path(path, name))) return io::join_path(path, "variables/variables");
  return std::nullopt;
}

}  // namespace bundle::detail

// Reads the file `checkpoint` of a directory. The paths in the result are joined to the directory; nullopt means that
// nothing was saved there. Throws Error with ErrorCode::data_loss for a file that is damaged. (TensorFlow logs a
// warning then and says that there is no checkpoint, so that training starts again.) Any thread may call it.
[[nodiscard]] inline std::optional<CheckpointState> get_checkpoint_state(const PathArgument& directory) {
  const auto state = bundle::detail::read_state(io::native(), directory.string());
  return state ? std::optional(*state) : std::nullopt;
}

// Returns the path of the newest checkpoint of a directory, as tf.train.latest_checkpoint does; checkpoints of format
// V1, and of a CheckpointManager with another format, are found, too. nullopt means that nothing was saved there, or
// that the checkpoint's file is gone. Throws Error with ErrorCode::data_loss for a file `checkpoint` that is damaged,
// and for a checkpoint of format V1 of which a file is missing. Any thread may call it.
[[nodiscard]] inline std::optional<std::string> latest_checkpoint(const PathArgument& directory) {
  auto state = get_checkpoint_state(directory);
  if (!state || !bundle::detail::is_checkpoint_of_any_format(io::native(), state->model_checkpoint_path))
    return std::nullopt;
  return std::move(state->model_checkpoint_path);
}

namespace bundle::detail {

// A checkpoint that is there, in today's format or in V1.
struct FoundBundle {
  std::string prefix;
  core::detail::Own<io::ReadableFile> index = {};  // the open index; null in V1
  V1Files v1 = {};                                 // without paths in today's format

  // Opens the index of a prefix, in V1 finds its files. Return false when there are none.
  [[nodiscard]] CAIRN_COLD bool open(io::FileSystem& files, const std::string& path) {
    index = files.open_if_there(bundle::index_path(path));
    if (index) prefix = path;
    return static_cast<bool>(index);
  }
  [[nodiscard]] CAIRN_COLD bool find_v1(io::FileSystem& files, const std::string& path) {
    v1 = detail::find_v1(path, files);
    return static_cast<bool>(v1);
  }
};

[[noreturn]] inline void fail_other_format(const std::string& file) {
  core::detail::fail(
      ErrorCode::failed_precondition,
      {"the checkpoint \"", file,
       "\" is of a CheckpointManager with another format than TensorFlow's; only the program that saved it "
       "can restore it, with a manager of that format"},
      {.file = file});
}

// Finds the latest checkpoint of a directory, or the one of a SavedModel. `state` is what read_state() says.
CAIRN_COLD inline void find_latest_bundle(FoundBundle& found, const std::string& directory, io::FileSystem& files,
                                          const core::detail::Own<CheckpointState>& state) {
  if (state) {
    const std::string& latest = state->model_checkpoint_path;
    if (found.open(files, latest)) return;
    if (found.find_v1(files, latest)) {
      found.prefix = latest;
      return;
    }
    if (const auto file = find_archive(files, latest)) fail_other_format(*file);
  }
  if (auto prefix = saved_model_prefix(files, directory); prefix && found.open(files, *prefix)) return;
  if (!state) fail_no_checkpoint_in(directory, files);
  const auto others = checkpoints_in(directory, "", files);
  core::detail::fail(ErrorCode::not_found,
                     {"the file \"", state_file_path(directory), "\" names \"", named_as_latest(files, directory),
                      "\" as the latest checkpoint, which is not there",
                      others.empty() ? "; bring its files, or give another checkpoint's path"
                                     : "; give one by its path: " + list_of_checkpoints(directory, others) +
                                           "; repair writes the file anew from what is whole"},
                     {.file = directory});
}

// Finds the checkpoint that a path means, by the rules of bundle::find_checkpoint.
[[nodiscard]] CAIRN_COLD inline FoundBundle find_bundle(std::string path, io::FileSystem& files) {
  FoundBundle found;
  if (found.open(files, path)) return found;
  // Only a directory has a state file, so that nobody need ask whether it is one.
  if (const auto state = read_state(files, path); state || files.is_directory(path)) {
    find_latest_bundle(found, path, files, state);
    return found;
  }
  if (path.ends_with(index_extension) && found.open(files, path.substr(0, path.size() - index_extension.size())))
    return found;
  if (auto prefix = prefix_of_data_name(path); prefix && found.open(files, *prefix)) return found;
  if (const auto file = find_archive(files, path)) fail_other_format(*file);
  if (found.find_v1(files, path)) {
    found.prefix = found.v1.prefix;
    return found;
  }
  fail_no_checkpoint_at(path, files);
}

}  // namespace bundle::detail

namespace bundle {

// Returns the prefix of the checkpoint that a path means, by the rules at the top of this file; the path of an index or
// of a data file means its checkpoint. Throws Error with ErrorCode::not_found when there is none, and says what is
// there instead; ErrorCode::data_loss for a file `checkpoint` that is damaged, and for a checkpoint of format V1 of
// which a file is missing; ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with another format
// than TensorFlow's.
[[nodiscard]] inline std::string find_checkpoint(PathArgument path, io::FileSystem& files = io::native()) {
  return detail::find_bundle(std::move(path).string(), files).prefix;
}

// The name that find_checkpoint had as long as it did not know directories.
[[nodiscard]] inline std::string existing_prefix(PathArgument path, io::FileSystem& files = io::native()) {
  return find_checkpoint(std::move(path), files);
}

}  // namespace bundle

}  // namespace CAIRN_NAMESPACE
