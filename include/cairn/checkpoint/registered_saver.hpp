// register_checkpoint_saver: functions of the program that save and restore objects themselves, all of a kind at once.
//
//   cairn::register_checkpoint_saver({
//       .name = "stacks",                                                          // "Custom.stacks" in the file
//       .predicate = [](const cairn::Trackable& object) { return object.is<Stack>(); },
//       .save_fn = [](const cairn::Trackables& stacks, const std::string& file_prefix) {
//         cairn::bundle::Writer writer(file_prefix);
//         ...                                                                      // a tensor for each of them
//         writer.finish();
//         return std::vector<std::string>{file_prefix};                            // becomes part of the checkpoint
//       },
//       .restore_fn = [](const cairn::Trackables& stacks, const std::string& merged_prefix) {
//         cairn::bundle::Reader reader(merged_prefix);
//         ...                                                                      // read and check
//         return [...]() { ... };                                                  // put into the stacks
//       }});
//
// The function is TensorFlow's tf.train.experimental.register_checkpoint_saver, and the files are TensorFlow's: a saver
// of the same package and name in Python restores what this one saved, and the other way round. One thing differs: here
// restore_fn checks first, and returns the function that changes the objects.
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/error.hpp"
#include "checkpoint_saver.hpp"
#include "detail/checkpoint_savers.hpp"

#include <string>
#include <utility>

namespace CAIRN_NAMESPACE {

// Registers a saver for the rest of the program; every later save and restore asks it. Throws Error with
// ErrorCode::already_exists when a saver of that package and name is registered; ErrorCode::invalid_argument when the
// name is empty, when package or name have other characters than letters, digits, ".", "_" and "-", or when a function
// is missing. Nothing is registered then. Any thread may call it at any time.
inline void register_checkpoint_saver(CheckpointSaver saver) {
  const std::string name = saver.registered_name();
  bool is_legal = !saver.name.empty();
  for (const char c : name)
    is_legal &=
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  if (!is_legal)
    core::detail::fail(ErrorCode::invalid_argument, {"a checkpoint saver cannot be called \"", name,
                                                     "\"; package and name are letters, digits and \"._-\""});
  if (!saver.predicate || !saver.save_fn || !saver.restore_fn)
    core::detail::fail(ErrorCode::invalid_argument,
                       {"the checkpoint saver ", name, " needs a predicate, a save_fn and a restore_fn"});
  checkpoint::detail::CheckpointSavers::add(std::move(saver));
}

}  // namespace CAIRN_NAMESPACE
