// The heat equation on as many ranks as mpirun gives: each has some rows of the plate, all save one checkpoint, and three
// ranks go on from what four have saved.

#include <cairn/checkpoint.hpp>
#include <cairn/mpi.hpp>
#include <cairn/partition.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <span>
#include <utility>
#include <vector>

constexpr std::int64_t n = 64;

struct Plate {
  cairn::Partitioned<double> heat;  // [n, n], of which this rank has some rows
  double conductivity = 0.2;        // the same on every rank
  std::int64_t step = 0;
};

// One step of this rank's rows; `above` and `below` are its neighbours' rows.
void compute(std::span<double> rows, const std::vector<double>& above, const std::vector<double>& below, double c) {
  const std::vector<double> old(rows.begin(), rows.end());
  const std::size_t count = old.size() / n;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      const double here = old[i * n + j];
      const double up = i == 0 ? above[j] : old[(i - 1) * n + j],
                   down = i + 1 == count ? below[j] : old[(i + 1) * n + j];
      const double left = j == 0 ? 0 : old[i * n + j - 1], right = j + 1 == n ? 0 : old[i * n + j + 1];
      rows[i * n + j] = here + c * (up + down + left + right - 4 * here);
    }
}

void step(Plate& plate, const cairn::mpi::Communicator& comm) {
  std::vector<double> above(n, 100), below(n, 0);  // one edge of the plate is heated
  const int up = comm.rank() == 0 ? MPI_PROC_NULL : comm.rank() - 1;
  const int down = comm.rank() + 1 == comm.size() ? MPI_PROC_NULL : comm.rank() + 1;
  double* const first = plate.heat.data();
  double* const last = first + plate.heat.size() - n;
  MPI_Sendrecv(last, n, MPI_DOUBLE, down, 0, above.data(), n, MPI_DOUBLE, up, 0, comm.handle(), MPI_STATUS_IGNORE);
  MPI_Sendrecv(first, n, MPI_DOUBLE, up, 1, below.data(), n, MPI_DOUBLE, down, 1, comm.handle(), MPI_STATUS_IGNORE);
  compute(plate.heat.span(), above, below, plate.conductivity);
  ++plate.step;
}

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const cairn::mpi::Communicator comm{MPI_COMM_WORLD};
    Plate plate{.heat = {cairn::Shape{n, n}, cairn::block_rows(n, comm.rank(), comm.size())}};
    cairn::mpi::Checkpoint checkpoint{comm, plate};
    cairn::mpi::CheckpointManager manager{checkpoint, "plate", {.max_to_keep = 2}};
    manager.restore_or_initialize();  // like save(), it is called by all ranks
    if (comm.rank() == 0) std::cout << comm.size() << " ranks go on at step " << plate.step << '\n';
    for (int i = 1; i <= 1000; ++i) {
      step(plate, comm);
      if (i % 500 != 0) continue;
      const auto path = manager.save();
      if (comm.rank() == 0) std::cout << "step " << plate.step << " is saved as " << *path << '\n';
    }
    // What one process has computed for all rows.
    std::vector<double> all(n * n);
    for (std::int64_t i = 0; i < plate.step; ++i)
      compute(all, std::vector<double>(n, 100), std::vector<double>(n, 0), plate.conductivity);
    const std::int64_t first = plate.heat.boxes()[0].start[0];
    const int is_same = std::equal(plate.heat.span().begin(), plate.heat.span().end(), all.begin() + first * n);
    int is_same_everywhere = 0;
    MPI_Reduce(&is_same, &is_same_everywhere, 1, MPI_INT, MPI_MIN, 0, comm.handle());
    if (comm.rank() == 0)
      std::cout << "the middle has " << all[n / 2 * n + n / 2] << " degrees, "
                << (is_same_everywhere ? "and every bit is that of one process" : "but one process has other bits")
                << '\n';
  }
  MPI_Finalize();
}
