// How a checkpoint is written and how it is restored.
#pragma once

#include "../graph/mismatch.hpp"
#include "../graph/rename.hpp"
#include "../tensor/cast.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cairn {

// Whether a save waits for the disk. `full` (fsync before each rename) survives a power cut; `none` keeps the order of
// steps and so survives the end of the process, which is what TensorFlow promises at most.
enum class Durability { full, none };

// Called after a checkpoint is complete on the disk, with its path or with nothing.
class WriteCallback {
 public:
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

struct CheckpointOptions {
  Durability durability = Durability::full;
  // Bytes that a data file should not exceed; 0 for one data file. Tensors are placed and cut as TensorFlow's
  // MaxShardSizePolicy does (bundle/sharding.hpp).
  std::uint64_t shard_size = 0;
  // Every tensor begins at a multiple of so many bytes, for CheckpointReader::get_view and others who map the file: 64
  // is enough for any of them. Zeros stand between; TensorFlow reads such files, though by itself it writes none.
  std::uint64_t data_alignment = 1;
  // How many threads write at most, each on its own range of a data file; what is small is written by one.
  std::size_t threads = 2;
  // Copies what is tracked and returns; one thread writes and publishes the copy meanwhile. The next save, sync() and a
  // restore wait for it. What goes wrong there is thrown by the next save or sync(), whichever comes first; when the
  // Checkpoint ends before either, it waits and says it on the standard error output. The memory of one copy is kept.
  bool enable_async = false;
  // Writes only what has changed since the last incremental save of this Checkpoint; for the rest the new checkpoint
  // has names of its own for the data files of that one (hard links). Each checkpoint is complete by itself, is read by
  // TensorFlow, and may be deleted in any order; but bytes that several share are on the disk once, so that damage to
  // them is damage to all of these. Numbers of 1 KiB and more are compared, by a hash of 128 bits that is kept of each
  // (incremental.hpp); what is smaller, and strings, are written each time. The first save of a Checkpoint writes all,
  // and so does one whose predecessor is gone or was changed, or lies on a file system without links. Not together with
  // shard_size.
  bool incremental = false;
  // Objects that do not change, by their paths or patterns of them, as in RestoreOptions::rename: "model.embedding" with
  // all that is below. An incremental save does not even read them once they are saved, strings neither: the checkpoint
  // has what they were then, also where the program has changed them all the same. They are read again after a restore,
  // after a save that did not name them, and where their dtype or shape is another one. A path that nothing has is an
  // error (invalid_argument).
  std::vector<std::string> frozen = {};
  // Called in order after every write; with enable_async in the thread that writes. One that throws leaves the files
  // where they are and the error to the caller.
  std::vector<WriteCallback> write_callbacks = {};
  // Writes without slot variables (graph/slot_variables.hpp): the file is good for all but going on with training. In
  // TensorFlow the option counts at a restore only; there it means the same as here, that they take no part.
  bool skip_slot_variables = false;
};

// Paths are written with dots, as LoadStatus lists them. All of it is checked before any tracked value changes.
//
//   checkpoint.restore(path, {.rename = {{"model.encoder.*", "model.backbone.*"}}});  // the program has another name
//   checkpoint.restore(path, {.rename = {{"embedding", "encoder.embedding"}, {"embedding", "decoder.embedding"}}});
//   encoder_only.read(path, {.prefix = "model.encoder", .cast = cairn::Cast::widen}).expect_partial();
struct RestoreOptions {
  // What the program calls otherwise than the checkpoint: old path, new path; patterns are a shell's (graph/rename.hpp).
  // An object is renamed with everything below it, by the first rule that fits its path or the path of something that
  // holds it; a second rule with the same old path gives its values to another object as well. Where the checkpoint has
  // something of the new name already, both become one object; of two values the renamed one is restored. A rule that
  // fits nothing is an error (invalid_argument). "*" leaves the root's save_counter alone.
  // Slot variables go by what the status calls them: {"(root).opt's state 'm' for (root).*", "opt.m.*"}.
  // Of a name-based checkpoint these are names of variables, with "/" where paths have dots.
  std::vector<Rename> rename = {};
  // Restores only what the checkpoint has below this path, as if that object were the root; paths in `rename` and in
  // the status begin there. The save counter need not be found then.
  std::string prefix = {};
  // A value whose dtype or shape differs: `error` refuses the whole restore, `skip` leaves that value as it is and
  // lists it in the status; `common_part` takes the part that both have of a tensor that grew, and lists that.
  OnMismatch on_mismatch = OnMismatch::error;
  // The same for single objects, with all that is below them; the first path that fits counts, and on_mismatch for what
  // none fits: {{"model.embedding", OnMismatch::common_part}, {"model.head", OnMismatch::skip}}.
  std::vector<OnMismatchAt> on_mismatch_at = {};
  // Whether numbers may be converted to the program's dtype first. One that cannot hold a saved number is an error
  // (out_of_range) that names key, index and number; with Cast::saturate it becomes the nearest one.
  Cast cast = Cast::never;
  // How many threads read at most; what is small is read by one.
  std::size_t threads = 2;
  // The states that optimizers of TensorFlow 1 and Keras 2 keep beside the graph (".OPTIMIZER_SLOT") take no part: they
  // are neither restored nor missed.
  bool skip_slot_variables = false;
};

}  // namespace cairn
