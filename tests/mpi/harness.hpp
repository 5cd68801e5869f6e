// The cases of a program that runs as several ranks: every rank runs every case, and a case is good when it is on all.
#pragma once

#include <cairn/mpi.hpp>

#include <cstdio>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace cairn::test {

// Calls work(comm) on the first `size` ranks of all, with a communicator of their own, and returns on all when it has
// returned. When it throws on one, every rank throws.
inline void on_first(int size, const std::function<void(const mpi::Communicator&)>& work) {
  int rank = 0, failed = 0, any = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm comm = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, rank < size ? 0 : MPI_UNDEFINED, rank, &comm);
  std::exception_ptr thrown;
  if (comm != MPI_COMM_NULL) try {
      work({comm});
    } catch (...) {
      thrown = std::current_exception();
      failed = 1;
    }
  MPI_Allreduce(&failed, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  if (thrown) std::rethrow_exception(thrown);
  if (any != 0) throw std::logic_error("it failed on another rank");
  if (comm != MPI_COMM_NULL) MPI_Comm_free(&comm);
}

inline void require(bool is_true, const std::string& what) {
  if (!is_true) throw std::logic_error(what);
}
#define REQUIRE(...) \
  cairn::test::require(static_cast<bool>(__VA_ARGS__), std::string(#__VA_ARGS__) + ", line " + std::to_string(__LINE__))

// The Error that a call throws.
[[nodiscard]] inline Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("no Error was thrown");
}
[[nodiscard]] inline bool says(const Error& error, const std::string& words) {
  const bool is_there = std::string(error.what()).find(words) != std::string::npos;
  if (!is_there) std::printf("  it says: %s\n  and not: %s\n", error.what(), words.c_str());
  return is_there;
}

struct Case {
  std::string name;
  std::function<void()> run;
};

// Prints "passed NAME" or "failed NAME" on rank 0; returns the exit status.
inline int run_cases(const std::vector<Case>& cases, const std::string& only) {
  int rank = 0, failures = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  for (const Case& each : cases) {
    if (each.name.find(only) == std::string::npos) continue;
    int failed = 0, any = 0;
    const double began = MPI_Wtime();
    try {
      each.run();
    } catch (const std::exception& error) {
      failed = 1;
      std::printf("rank %d: %s: %s\n", rank, each.name.c_str(), error.what());
      std::fflush(stdout);
    }
    MPI_Allreduce(&failed, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    failures += any;
    if (rank == 0)
      std::printf("%s\t%s\t%.1f s\n", any != 0 ? "failed" : "passed", each.name.c_str(), MPI_Wtime() - began);
    std::fflush(stdout);
  }
  return failures != 0;
}

}  // namespace cairn::test
