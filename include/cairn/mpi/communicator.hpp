// Communicator: the ranks that save and restore together.
//
//   cairn::mpi::Communicator comm{MPI_COMM_WORLD};
//   simulation.pressure = {cairn::Shape{nx, ny}, cairn::block_rows(nx, comm.rank(), comm.size())};
#pragma once

#include "../core/error.hpp"

#include <mpi.h>

namespace CAIRN_NAMESPACE::mpi {

// A communicator of the user's. cairn sends nothing on it, but on a copy of its own (detail/channel.hpp). A function
// that takes a Communicator takes an MPI_Comm as well. Copies of this small value mean the same communicator.
class Communicator {
 public:
  // This call is not collective. Throws Error with ErrorCode::failed_precondition before MPI_Init and after MPI_Finalize;
  // ErrorCode::invalid_argument for an intercommunicator, and for MPI_COMM_NULL, which is what a rank has that is not
  // in the communicator.
  Communicator(MPI_Comm comm)  // NOLINT(google-explicit-constructor): an MPI_Comm is what everybody has
      : comm_(comm) {
    int is_initialized = 0, is_finalized = 0, is_between_groups = 0;
    MPI_Initialized(&is_initialized);
    MPI_Finalized(&is_finalized);
    if (is_initialized == 0 || is_finalized != 0)
      throw Error(ErrorCode::failed_precondition,
                  is_finalized != 0 ? "MPI has been finalized; make and use a Communicator before MPI_Finalize"
                                    : "MPI is not initialized; call MPI_Init before a Communicator is made");
    if (comm == MPI_COMM_NULL)
      throw Error(ErrorCode::invalid_argument,
                  "the communicator is MPI_COMM_NULL, because this rank is not in it; only the ranks of a communicator "
                  "may save and restore with it");
    MPI_Comm_test_inter(comm, &is_between_groups);
    if (is_between_groups != 0)
      throw Error(ErrorCode::invalid_argument,
                  "the communicator is one between two groups; merge them with MPI_Intercomm_merge, and give that one");
    MPI_Comm_rank(comm, &rank_);
    MPI_Comm_size(comm, &size_);
  }

  // Returns the number of this rank, counting from 0.
  [[nodiscard]] int rank() const noexcept { return rank_; }
  // Returns the number of ranks.
  [[nodiscard]] int size() const noexcept { return size_; }
  // Returns the communicator that was given.
  [[nodiscard]] MPI_Comm handle() const noexcept { return comm_; }

 private:
  MPI_Comm comm_;
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace CAIRN_NAMESPACE::mpi
