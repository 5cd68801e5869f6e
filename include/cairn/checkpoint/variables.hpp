// A checkpoint's tensors by name, without the program that wrote it.
//
//   for (const auto& [name, shape] : cairn::list_variables("training")) std::cout << name << ' ' << shape.to_string()
//   << '\n'; const cairn::AnyTensor step = cairn::load_variable("training/ckpt-3", "step/.ATTRIBUTES/VARIABLE_VALUE");
#pragma once

#include "../bundle/find_checkpoint.hpp"
#include "../bundle/reader.hpp"
#include "../core/shape.hpp"
#include "../tensor/any_tensor.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

// Every key with its shape, sorted by key as TensorFlow sorts. The path is a checkpoint's, or a directory's: then its
// latest. Throws Error: not_found, data_loss.
[[nodiscard]] inline std::vector<std::pair<std::string, Shape>> list_variables(const std::filesystem::path& path) {
  const bundle::Reader reader(bundle::find_checkpoint(path));
  std::vector<std::pair<std::string, Shape>> variables;
  for (const auto& [key, entry] : reader.entries()) variables.emplace_back(key, entry.shape);
  return variables;
}

// The tensor under a key, checked. A trailing ":0" is taken off, as TensorFlow does. Throws Error: not_found,
// data_loss, unimplemented for variants.
[[nodiscard]] inline AnyTensor load_variable(const std::filesystem::path& path, std::string_view name) {
  const bundle::Reader reader(bundle::find_checkpoint(path));
  if (name.ends_with(":0") && !reader.contains(name)) name.remove_suffix(2);
  return reader.read(name);
}

}  // namespace cairn
