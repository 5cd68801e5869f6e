// A checkpoint's tensors by name, without the program that wrote it.
//
//   for (const auto& [name, shape] : cairn::list_variables("training")) std::cout << name << ' ' << shape.to_string()
//   << '\n'; const cairn::AnyTensor step = cairn::load_variable("training/ckpt-3", "step/.ATTRIBUTES/VARIABLE_VALUE");
#pragma once

#include "../bundle/reader.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../tensor/any_tensor.hpp"
#include "restoration.hpp"
#include "state_file.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

namespace detail {

// A prefix, or a directory: then its latest checkpoint. Throws Error (not_found) when the directory has none.
[[nodiscard]] inline bundle::Reader open_checkpoint(const std::filesystem::path& path) {
  io::FileSystem& files = io::posix();
  if (files.is_directory(path.string()) && !files.exists(bundle::index_path(path.string()))) {
    if (const auto latest = latest_checkpoint(path)) return bundle::Reader(*latest);
    if (!files.exists(io::join_path(path.string(), "saved_model.pb")))
      throw Error(ErrorCode::not_found, "the directory " + path.string() +
                                            " has no checkpoint that a file `checkpoint` names; save one, or give a "
                                            "checkpoint's own path")
          .in_file(path.string());
  }
  return bundle::Reader(checkpoint_prefix_of(files, path.string()));
}

}  // namespace detail

// Every key with its shape, sorted by key as TensorFlow sorts. The path is a checkpoint's, or a directory's: then its
// latest. Throws Error: not_found, data_loss.
[[nodiscard]] inline std::vector<std::pair<std::string, Shape>> list_variables(const std::filesystem::path& path) {
  const bundle::Reader reader = detail::open_checkpoint(path);
  std::vector<std::pair<std::string, Shape>> variables;
  for (const auto& [key, entry] : reader.entries()) variables.emplace_back(key, entry.shape);
  return variables;
}

// The tensor under a key, checked. A trailing ":0" is taken off, as TensorFlow does. Throws Error: not_found,
// data_loss, unimplemented for variants.
[[nodiscard]] inline AnyTensor load_variable(const std::filesystem::path& path, std::string_view name) {
  const bundle::Reader reader = detail::open_checkpoint(path);
  if (name.ends_with(":0") && !reader.contains(name)) name.remove_suffix(2);
  return reader.read(name);
}

}  // namespace cairn
