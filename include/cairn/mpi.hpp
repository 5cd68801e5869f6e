// mpi: one checkpoint of an MPI program, which runs as many processes. No other door includes this one. It needs
// <mpi.h>; compile and link the program with MPI's own wrapper (mpicxx), or with Meson's dependency('mpi', language:
// 'cpp').
//
//   struct Simulation {
//     cairn::Variable<float, 784, 10> weights;                // the same on every rank
//     std::int64_t step = 0;
//   };
//   cairn::mpi::Checkpoint checkpoint{MPI_COMM_WORLD, simulation};
//   cairn::mpi::CheckpointManager manager{checkpoint, "run", {.max_to_keep = 3}};
//   manager.restore_or_initialize();                          // on any number of ranks
//   manager.save();                                           // run/ckpt-1.index, run/ckpt-1.data-0000k-of-0000N
//
// These calls are collective: every rank of the communicator makes them in the same order, with the same paths and
// options.
//
//   Checkpoint          its constructor, save, write, restore, read, sync
//   CheckpointManager   its constructor, save, restore, restore_or_initialize, sync
//   both                the destructor, while a save with enable_async is under way
//
// No other call is collective. Each rank writes its own values into a data file of its own; with
// CheckpointOptions::writers, one rank writes the values of a group of ranks. The values that all ranks have in common
// are divided by size among the ranks that write, and each is written once. Rank 0 gathers all entries, writes the
// index, and publishes. The result is a checkpoint of TensorFlow's format, which Python, cairn::Checkpoint and any
// number of ranks restore. In a restore, rank 0 reads the index and broadcasts it, and every rank reads the bytes that
// it needs from the data files. It also reads the common values itself: ranks of one machine share the page cache, and
// two to four ranks read 256 MB each in a half or a third of the time of one read and a broadcast.
//
// A call that fails on one rank fails on all ranks, with the number of the first rank that failed and its sentence. The
// directory and the tracked values of every rank are then unchanged. When a rank is killed, MPI ends the others; the
// latest checkpoint of the directory is whole, and the next program removes the temporary files.
//
//   mpi/checkpoint.hpp    Checkpoint, CheckpointOf
//   mpi/manager.hpp       CheckpointManager
//   mpi/options.hpp       CheckpointOptions, SaveArguments
//   mpi/communicator.hpp  Communicator: rank() and size()
//   partition.hpp         Partitioned, PerRank: a rank's share of a state; checkpoint.hpp comes with this door, too
#pragma once

#include "checkpoint.hpp"
#include "mpi/checkpoint.hpp"
#include "mpi/communicator.hpp"
#include "mpi/manager.hpp"
#include "mpi/options.hpp"
#include "partition.hpp"
