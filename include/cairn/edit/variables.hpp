// list_variables and load_variable: TensorFlow's two functions for a look into a checkpoint.
//
//   for (const auto& [key, shape] : cairn::list_variables("training")) {
//     std::cout << key << ' ' << shape << '\n';
//   }
//   const cairn::AnyTensor step = cairn::load_variable("training/ckpt-3", "step");
#pragma once

#include "../bundle/entry_reader.hpp"
#include "../core/path_argument.hpp"
#include "checkpoint_reader.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// Returns every key with its shape, sorted by key as TensorFlow sorts. `path` is a checkpoint's, that of a directory
// (its latest), or a SavedModel's. Throws Error with ErrorCode::not_found when there is no checkpoint;
// ErrorCode::data_loss for a damaged index or file `checkpoint`; ErrorCode::failed_precondition for a checkpoint of a
// CheckpointManager with another format than TensorFlow's. Any thread may call it.
[[nodiscard]] inline std::vector<std::pair<std::string, Shape>> list_variables(const PathArgument& path) {
  const bundle::Reader reader(path);
  std::vector<std::pair<std::string, Shape>> variables;
  for (bundle::EntryReader each(reader); each.next();) variables.emplace_back(each.key(), each.entry().shape);
  return variables;
}

// Returns one value by its key or its path (edit.hpp); its checksum was compared. A trailing ":0" is dropped, as in
// TensorFlow. For several values open a CheckpointReader once. Throws Error with ErrorCode::not_found when there is no
// such checkpoint or value; ErrorCode::data_loss for damage; ErrorCode::failed_precondition for a checkpoint of a
// CheckpointManager with another format than TensorFlow's; ErrorCode::unimplemented for variants and unknown dtypes.
// Any thread may call it.
[[nodiscard]] inline AnyTensor load_variable(const PathArgument& path, std::string_view name) {
  return CheckpointReader(path).get_tensor(name);
}

}  // namespace CAIRN_NAMESPACE
