// CheckpointOptions and RestoreOptions: how a checkpoint is written, and how it is restored.
#pragma once

#include "../bundle/writer_options.hpp"
#include "../core/detail/feature_flag.hpp"
#include "../core/detail/list_option.hpp"
#include "../core/detail/own.hpp"
#include "../core/durability.hpp"
#include "../graph/detail/casting.hpp"
#include "../graph/detail/mismatch_policy.hpp"
#include "../graph/mismatch.hpp"
#include "../graph/rename.hpp"
#include "../io/progress.hpp"
#include "../tensor/cast.hpp"
#include "detail/restore/rename.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace checkpoint::detail {

class Background;
class SaveMemory;

// The features that options carry. The definition of each call() is beside the feature (detail/save/).
struct AsyncFeature {
  [[nodiscard]] static core::detail::Own<Background> call();
};
struct IncrementalFeature {
  [[nodiscard]] static core::detail::Own<SaveMemory> call();
};

}  // namespace checkpoint::detail

// A function that is called when a checkpoint is complete on the disk, with its path or without an argument.
class WriteCallback {
 public:
  // Keeps a copy of the function, which is called with the path or without an argument.
  template <class F>
    requires(std::invocable<F&, const std::string&> || std::invocable<F&>)
  WriteCallback(F function) {  // NOLINT(google-explicit-constructor): a lambda is a callback
    if constexpr (std::invocable<F&, const std::string&>)
      function_ = std::move(function);
    else
      function_ = [f = std::move(function)](const std::string&) mutable { f(); };
  }
  void operator()(const std::string& path) const { function_(path); }

 private:
  std::function<void(const std::string&)> function_;
};

namespace checkpoint::detail {

// The function that a save calls for the callbacks. A program without any has none of its code.
struct CallbackFeature {
  void (*run)(const std::vector<WriteCallback>& callbacks, const std::string& path);
};
inline void run_callbacks(const std::vector<WriteCallback>& callbacks, const std::string& path) {
  for (const WriteCallback& callback : callbacks) callback(path);
}
inline constexpr CallbackFeature callback_feature{&run_callbacks};

}  // namespace checkpoint::detail

// How a Checkpoint or a CheckpointManager saves. An option whose type is a FeatureFlag is a bool that brings the code of
// its feature: a program that does not write the option has none of that code.
struct CheckpointOptions {
  // The default waits for the disk.
  Durability durability = Durability::full;
  // The number of bytes that a data file should not exceed; 0 asks for one data file. Tensors are placed and cut as
  // TensorFlow's MaxShardSizePolicy does it.
  bundle::ShardSize shard_size = {};
  // Every tensor begins at a multiple of this number of bytes, for CheckpointReader::get_view and other programs that
  // map the file; 64 is enough for all of them. Zeros fill the gaps. TensorFlow reads such files, though by itself it
  // does not write any. 0 is refused.
  std::uint64_t data_alignment = 1;
  // The largest number of threads that write, each its own range of a data file. A small state is written by one.
  std::size_t threads = 2;
  // With `enable_async`, a save copies the tracked values and returns; a thread writes and publishes the copy
  // meanwhile. The next save, sync() and a restore wait for it. When it fails, the next save or sync() throws its
  // Error, whichever comes first; when the Checkpoint ends before either, its destructor waits and prints the failure
  // on standard error. The memory of one copy is kept for the next save.
  core::detail::FeatureFlag<checkpoint::detail::AsyncFeature> enable_async = {};
  // With `incremental`, a save writes only the values that have changed since the last incremental save of this
  // Checkpoint. The new checkpoint refers to the data files of that one for the rest, by names of its own (hard links).
  // Each checkpoint is complete by itself, is read by TensorFlow, and may be deleted in any order; but bytes that
  // several checkpoints share are on the disk once, so that damage to them is damage to all of these. Numbers of 1 KiB
  // and more are compared, by a hash of 122 bits that is remembered for each value (detail/save/incremental.hpp);
  // smaller values and strings are written each time. The first save of a Checkpoint writes all values, and so does one
  // whose predecessor is gone or was changed, or lies on a file system without hard links. It cannot be combined with
  // shard_size (ErrorCode::invalid_argument).
  core::detail::FeatureFlag<checkpoint::detail::IncrementalFeature> incremental = {};
  // The paths of objects that do not change, or patterns of such paths in the form of RestoreOptions::rename:
  // "model.embedding" means that object and everything below it. It needs `incremental`. Such values, also strings, are
  // not even read once they are saved: the checkpoint has them as they were then, also where the program has changed
  // them all the same. They are read again after a restore, after a save that did not name them, and when their dtype
  // or shape has changed. A path that nothing has causes an Error (ErrorCode::invalid_argument).
  std::vector<std::string> frozen = {};
  // These functions are called in order after every write; with enable_async in the thread that writes. When one of
  // them throws, the files stay, and the exception goes to the caller of the save, or of the next save or sync().
  core::detail::ListOption<WriteCallback, checkpoint::detail::callback_feature> write_callbacks = {};
  // With `skip_slot_variables`, the checkpoint has no slot variables (graph/slot_variables.hpp): the file is good for
  // everything but going on with the training. In TensorFlow the option counts only at a restore, where it means the
  // same as RestoreOptions::skip_slot_variables.
  bool skip_slot_variables = false;
  // The function that is told how many bytes are written, and the request to stop (io/progress.hpp). Where a stop is
  // heeded, the save throws Error with ErrorCode::cancelled, and no new file is there. With enable_async the function
  // is called in the thread that writes, and the next save or sync() throws the Error.
  ProgressCallback progress = {};
  StopRequest stop = {};
};

// How a Checkpoint or a CheckpointManager restores. Paths have dots, as in LoadStatus. All options are checked before
// any tracked value changes.
//
//   checkpoint.restore(path, {.rename = {{"model.encoder.*", "model.backbone.*"}}});  // the program has another name
//   checkpoint.restore(path, {.rename = {{"embedding", "encoder.embedding"}, {"embedding", "decoder.embedding"}}});
//   encoder_only.read(path, {.prefix = "model.encoder", .cast = cairn::Cast::widen}).expect_partial();
struct RestoreOptions {
  // The names that differ in the program: old path, new path. Patterns are those of a shell (graph/rename.hpp). An
  // object is renamed with everything below it, by the first rule that fits its path or the path of an object that
  // holds it; a second rule with the same old path gives its values to another object as well. Where the checkpoint has
  // something of the new name already, both become one object; of two values the renamed one is restored. A rule that
  // fits nothing causes an Error (ErrorCode::invalid_argument). "*" leaves the root's save_counter alone.
  //
  // Slot variables are named as the status names them: {"(root).opt's state 'm' for (root).*", "opt.m.*"}. For a
  // name-based checkpoint the names are those of variables, with "/" where paths have dots.
  checkpoint::detail::RenameOption rename = {};
  // With a `prefix`, only the part of the checkpoint below this path is restored, as if that object were the root;
  // paths in `rename` and in the status begin there. The save counter need not be found then.
  checkpoint::detail::PrefixOption prefix = {};
  // The treatment of a value whose dtype or shape differs. `error` refuses the whole restore; `skip` leaves that value
  // unchanged and lists it in the status; `common_part` restores the part that both have of a tensor whose shape
  // differs, and lists that.
  graph::detail::OnMismatchOption on_mismatch = {};
  // The treatment of single objects, each with everything below it. The first path that fits counts, and on_mismatch
  // where none fits: {{"model.embedding", OnMismatch::common_part}, {"model.head", OnMismatch::skip}}.
  graph::detail::OnMismatchAtOption on_mismatch_at = {};
  // Tells whether saved numbers may be converted to the program's dtype. A number that the dtype cannot hold causes an
  // Error (ErrorCode::out_of_range) with key, index and number; with Cast::saturate it becomes the nearest number
  // instead.
  graph::detail::Casting cast = {};
  // The largest number of threads that read. A small state is read by one.
  std::size_t threads = 2;
  // With `skip_slot_variables`, the states that optimizers of TensorFlow 1 and Keras 2 have beside the graph
  // (".OPTIMIZER_SLOT") take no part: they are neither restored nor missed.
  bool skip_slot_variables = false;
  // The function that is told how many bytes are read, and the request to stop (io/progress.hpp). Where a stop is
  // heeded, the restore throws Error with ErrorCode::cancelled, and every tracked value is what it was before. Many
  // ranks that restore together (mpi/) refuse both.
  ProgressCallback progress = {};
  StopRequest stop = {};
};

}  // namespace CAIRN_NAMESPACE
