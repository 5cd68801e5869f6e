// TensorFlow's two functions for a look into a checkpoint.
//
//   for (const auto& [key, shape] : cairn::list_variables("training")) {
//     std::cout << key << ' ' << shape.to_string() << '\n';
//   }
//   const cairn::AnyTensor step = cairn::load_variable("training/ckpt-3", "step");
#pragma once

#include "checkpoint_reader.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

// Every key with its shape, sorted by key as TensorFlow sorts. The path is that of a CheckpointReader. Throws Error:
// not_found, data_loss.
[[nodiscard]] inline std::vector<std::pair<std::string, Shape>> list_variables(const std::filesystem::path& path) {
  const CheckpointReader reader(path);
  std::vector<std::pair<std::string, Shape>> variables;
  for (const auto& [key, entry] : reader.bundle().entries()) variables.emplace_back(key, entry.shape);
  return variables;
}

// One value, checked, by its key or its path (edit.hpp); a trailing ":0" is taken off, as TensorFlow does. Throws
// Error as CheckpointReader::get_tensor. For several values open a CheckpointReader once.
[[nodiscard]] inline AnyTensor load_variable(const std::filesystem::path& path, std::string_view name) {
  return CheckpointReader(path).get_tensor(name);
}

}  // namespace cairn
