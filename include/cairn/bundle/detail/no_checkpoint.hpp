// What lies where a checkpoint was looked for, and the path or the line of Python that helps: for the Error that says
// that there is none.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/sort.hpp"
#include "../../io/file_system.hpp"
#include "../../io/path.hpp"
#include "../naming.hpp"
#include "file_kind.hpp"
#include "v1_files.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::bundle::detail {

inline constexpr std::string_view index_extension = ".index";

// The prefix of a checkpoint whose data file is called so; nullopt for names that are no data file's.
[[nodiscard]] CAIRN_COLD inline std::optional<std::string> prefix_of_data_name(const std::string& path) {
  const std::string name = io::file_name(path);
  const std::size_t dot = name.rfind(".data-");
  if (dot == name.npos || dot == 0 || !bundle::shards_of_data_name(name, name.substr(0, dot))) return std::nullopt;
  return path.substr(0, path.size() - name.size() + dot);
}

// The prefixes of the checkpoints in a folder whose names begin so, those of format V1 among them, in the order of their
// numbers.
[[nodiscard]] CAIRN_COLD inline std::vector<std::string> checkpoints_in(const std::string& folder,
                                                                        std::string_view begin, io::FileSystem& files) {
  std::vector<std::string> names;
  if (!files.is_directory(folder)) return names;
  for (std::string& name : files.list_directory(folder)) {
    if (name.starts_with('.') || !name.starts_with(begin)) continue;
    if (name.size() > index_extension.size() && name.ends_with(index_extension)) {
      name.resize(name.size() - index_extension.size());
      names.push_back(std::move(name));
    } else if (is_table(io::join_path(folder, name), files)) {
      const auto parts = v1_parts_of(name);
      if (!parts || name == parts.path(0)) names.push_back(parts ? parts.pattern() : std::move(name));
    }
  }
  core::detail::sort(names, [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return names;
}

// "run/ckpt-1, run/ckpt-2": the last ones where there are many.
[[nodiscard]] CAIRN_COLD inline std::string list_of_checkpoints(const std::string& folder,
                                                                const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  std::string list = names.size() > most ? "..., " : "";
  for (std::size_t i = names.size() > most ? names.size() - most : 0; i < names.size(); ++i)
    list += io::join_path(folder, names[i]) + (i + 1 < names.size() ? ", " : "");
  return list;
}

// "ckpt-2.data-00000-of-00001" in a folder, when its index is not there; empty otherwise.
[[nodiscard]] CAIRN_COLD inline std::string data_without_index(const std::string& folder, io::FileSystem& files) {
  std::string found;
  for (const std::string& name : files.list_directory(folder))
    if (const auto prefix = prefix_of_data_name(io::join_path(folder, name));
        prefix && !files.exists(bundle::index_path(*prefix)) && !name.starts_with('.'))
      found = name;
  return found;
}

[[nodiscard]] CAIRN_COLD inline std::string bring_index(const std::string& folder, const std::string& data_name) {
  const std::string data = io::join_path(folder, data_name);
  return "\"" + data + "\" is there, and \"" + bundle::index_path(*prefix_of_data_name(data)) +
         "\" is not; bring all files of the checkpoint";
}

// For a folder from which no checkpoint can be chosen. Throws Error with ErrorCode::not_found.
[[noreturn]] CAIRN_COLD inline void fail_no_checkpoint_in(const std::string& folder, io::FileSystem& files) {
  const auto refuse = [&](std::initializer_list<core::detail::Words> problem) {
    core::detail::fail(ErrorCode::not_found, {"the directory \"", folder, "\" ", core::detail::sentence_of(problem)},
                       {.file = folder});
  };
  if (const auto names = checkpoints_in(folder, "", files); !names.empty())
    refuse({"has no file `checkpoint` that says which checkpoint is the latest; give one by its path: ",
            list_of_checkpoints(folder, names)});
  if (const std::string data = data_without_index(folder, files); !data.empty())
    refuse({"has no checkpoint that is complete: ", bring_index(folder, data)});
  for (const char* const name : {"saved_model.pb", "saved_model.pbtxt"})
    if (files.exists(io::join_path(folder, name)))
      refuse({"is a SavedModel without variables: there is no \"",
              io::join_path(folder, bundle::index_path("variables/variables")), "\""});
  core::detail::fail(ErrorCode::not_found,
                     {"the directory \"", folder,
                      "\" has no checkpoint that a file `checkpoint` names; save one, or give a checkpoint's own path"},
                     {.file = folder});
}

// For a path that is no checkpoint's. Throws Error with ErrorCode::not_found.
[[noreturn]] CAIRN_COLD inline void fail_no_checkpoint_at(const std::string& path, io::FileSystem& files) {
  const auto refuse = [&](std::initializer_list<core::detail::Words> words) {
    core::detail::fail(ErrorCode::not_found, words, {.file = bundle::index_path(path)});
  };
  if (path.empty()) refuse({"the path of the checkpoint is empty; give the path that was saved to"});
  if (const std::size_t scheme = path.find("://"); scheme != path.npos)
    refuse({"\"", path, "\" is an address, and only files of this machine are read; ",
            path.starts_with("file://")
                ? core::detail::sentence_of({"give the path alone, \"", path.substr(scheme + 3), "\""})
                : "copy all files that begin with it here, and give their path"});
  if (files.is_directory(path)) fail_no_checkpoint_in(path, files);
  if (path.size() > index_extension.size() && path.ends_with(index_extension) && !files.exists(path))
    fail_no_checkpoint_at(path.substr(0, path.size() - index_extension.size()), files);
  const std::string folder = io::parent_directory(path), name = io::file_name(path);
  if (files.exists(path) && !prefix_of_data_name(path))
    refuse({"\"", path, "\" is no checkpoint; it is ", described(kind_of_file(path, files), path)});
  const std::string missing = core::detail::sentence_of({"there is no checkpoint \"", path, "\""});
  if (!files.is_directory(folder)) refuse({missing, ": there is no directory \"", folder, "\""});
  const std::string shown = std::string_view(path).find_first_of(io::separators) == path.npos ? "" : folder;
  for (const std::string& each : files.list_directory(folder))
    if (bundle::shards_of_data_name(each, name) || each == name) refuse({missing, ": ", bring_index(shown, each)});
  auto names = checkpoints_in(folder, name + "-", files);
  if (names.empty()) names = checkpoints_in(folder, "", files);
  const std::string index = bundle::index_path(path);
  core::detail::fail(ErrorCode::not_found,
                     {missing, ": the file \"", index, "\" does not exist; ",
                      names.empty() ? "give the path that was saved to, without an extension"
                                    : "there are " + list_of_checkpoints(shown, names)},
                     {.file = index});
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
