// CheckpointOptions and SaveArguments of checkpoints that many ranks save together. Restores have cairn::RestoreOptions,
// and the manager cairn::CheckpointManagerOptions.
#pragma once

#include "../bundle/writer_options.hpp"
#include "../checkpoint/options.hpp"
#include "../core/durability.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace CAIRN_NAMESPACE::mpi {

// How the ranks save. All of them must give the same options; the callbacks may differ.
struct CheckpointOptions {
  // The default waits for the disk, on every rank.
  Durability durability = Durability::full;
  // The number of bytes that a data file should not exceed; 0 asks for one data file of each rank that writes.
  bundle::ShardSize shard_size = {};
  // The alignment of tensors in bytes, as in cairn::CheckpointOptions.
  std::uint64_t data_alignment = 1;
  // The largest number of threads that write on each rank.
  std::size_t threads = 2;
  // With `enable_async`, a save copies the values that this rank writes and returns; a thread writes them meanwhile. MPI
  // is called by the program's own threads only, so the checkpoint becomes complete in the next collective call of this
  // Checkpoint or its manager, sync() among them: until then it is not there. A failure is thrown by that call if it is a
  // save or sync().
  bool enable_async = false;
  // With `check_replicas`, the values that every rank has are compared before anything is written: a hash of 122 bits
  // of each. Values that differ cause an Error (ErrorCode::failed_precondition) that names them and the ranks. Without
  // it, the checkpoint has each such value as one of the ranks has it.
  bool check_replicas = false;
  // The number of ranks that write data files. With 0, the default, every rank writes: its own values straight from its
  // memory, so that nothing but the index goes over the network. A smaller number is for file systems on which many
  // files cost much: neighbouring ranks, which are often on one machine, form a group. Rank r is in group r * writers /
  // ranks, and the first rank of a group writes for all of it. The others send it their parts of partitioned tensors
  // and their own values, which costs the network these bytes, and that rank the memory for them until the checkpoint
  // is complete. The values that every rank has are divided among the writers.
  int writers = 0;
  // These functions are called in order after every write, on the rank that gave them.
  core::detail::ListOption<WriteCallback, checkpoint::detail::callback_feature> write_callbacks = {};
  // With `skip_slot_variables`, the checkpoint has no slot variables, as in cairn::CheckpointOptions.
  bool skip_slot_variables = false;
  // Ranks cannot save only what has changed: true is refused (ErrorCode::unimplemented).
  bool incremental = false;
};

// The arguments of mpi::CheckpointManager::save, with TensorFlow's names, as in cairn::SaveArguments.
struct SaveArguments {
  // Without a number the next one is taken. Without check_interval it saves before its time, too.
  std::optional<std::int64_t> checkpoint_number = std::nullopt;
  bool check_interval = true;
  CheckpointOptions options = {};
};

}  // namespace CAIRN_NAMESPACE::mpi
