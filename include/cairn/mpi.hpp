// mpi: one checkpoint of a program that runs as many processes, on MPI. No other door includes this one; it needs
// <mpi.h>, and the program is compiled and linked with MPI's own wrapper (mpicxx), or Meson's dependency('mpi',
// language: 'cpp').
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
// These calls are collective: every rank of the communicator makes them in the same order, and with the same paths and
// options.
//
//   Checkpoint          its constructor, save, write, restore, read, sync
//   CheckpointManager   its constructor, save, restore, restore_or_initialize, sync
//   both                the destructor, while a save with enable_async is under way
//
// All other calls are not collective. Each rank writes its own values into a data file of its own, or, with
// CheckpointOptions::writers, one rank writes for a group of them. The values that all ranks have are divided by size
// among the ranks that write, and each is written once. Rank 0 collects the entries, writes the index, and publishes:
// the checkpoint is one of TensorFlow's, which Python, cairn::Checkpoint and any other number of ranks restore. At a
// restore rank 0 reads the index and broadcasts it, and every rank reads the values that it needs from the data files.
// Ranks of one machine share its page cache: two to four of them read 256 MB each in half of the time, or a third, of
// one rank's read and a broadcast.
//
// A call that fails on one rank fails on all, with the sentence of the first rank that failed and its number; the
// directory and the tracked values of every rank are then what they were. A rank that is killed ends the others, as
// always in MPI; the latest checkpoint of the directory is whole, and the next program removes what is left.
//
//   mpi/checkpoint.hpp    Checkpoint, CheckpointOf
//   mpi/manager.hpp       CheckpointManager
//   mpi/options.hpp       CheckpointOptions, SaveArguments
//   mpi/communicator.hpp  Communicator: rank() and size()
//   partition.hpp         what a rank has of a state: Partitioned, PerRank; checkpoint.hpp comes with this door, too
#pragma once

#include "checkpoint.hpp"
#include "mpi/checkpoint.hpp"
#include "mpi/communicator.hpp"
#include "mpi/manager.hpp"
#include "mpi/options.hpp"
#include "partition.hpp"
