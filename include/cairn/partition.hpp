// partition: a state that is divided among the ranks of a program of many processes.
//
//   struct Simulation {
//     cairn::Partitioned<double> pressure;      // this rank's block of one global tensor
//     cairn::Variable<float, 784, 10> weights;  // the same on every rank
//     cairn::PerRank<std::mt19937_64> random;   // each rank its own
//   };
//   Simulation simulation{.pressure = {cairn::Shape{nx, ny}, cairn::block_rows(nx, rank, ranks)}};
//   for (double& element : simulation.pressure.span()) element = 1;   // of this rank's rows
//
// A program of one process has one rank: cairn::Checkpoint saves and restores a Partitioned whose elements are all
// here, and a PerRank of one rank. <cairn/mpi.hpp> saves and restores a state that is divided.
//
//   partition/partitioned.hpp   Partitioned: boxes of a global tensor
//   partition/per_rank.hpp      PerRank: an object that every rank has one of
//   partition/blocks.hpp        block_rows, block_columns, grid_block: which box is a rank's
#pragma once

#include "reflect/detail/refusals.hpp"

#include "partition/blocks.hpp"
#include "partition/partitioned.hpp"
#include "partition/per_rank.hpp"
