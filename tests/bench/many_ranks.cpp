// What it costs many ranks to save and to restore one state together; many_ranks.py compares it.
//
//   mpirun -n 4 many_ranks CONTENDER save|start|restore WORKLOAD DIRECTORY
//
// w1 is one tensor of 1 GiB, w5 10,000 of 64 KiB; each rank has rows of every tensor. A restore may be on another number of
// ranks. Contenders: cairn; floor, which is each rank's bytes written to a file of its own, or read from the files of those
// that saved, with a checksum and nothing else; hdf5, where parallel HDF5 was found: one file, a data set for each tensor.
// Prints a JSON object: the seconds of the slowest rank. "start" is a restore into zeros, as of a
// program that has just begun, "restore" one over other values. Both compare all values.
#include <cairn/checkpoint.hpp>
#include <cairn/format/crc32c.hpp>
#include <cairn/mpi.hpp>
#include <cairn/partition.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#ifdef CAIRN_WITH_HDF5
#include <hdf5.h>
#endif

namespace {

struct Workload {
  std::int64_t tensors, rows, columns;
};

[[nodiscard]] Workload workload_of(const std::string& name) {
  if (name == "w1") return {1, 16384, 16384};
  if (name == "w1s") return {1, 2048, 2048};
  if (name == "w5") return {10000, 128, 128};
  throw std::runtime_error("there is no workload " + name);
}

struct State {
  std::vector<cairn::Partitioned<float>> tensors;
};

// A value that tells which element it is.
[[nodiscard]] float value_of(std::int64_t tensor, std::int64_t element) {
  return static_cast<float>((tensor * 7919 + element) % 16777213);
}

[[nodiscard]] State state_of(const Workload& workload, const cairn::mpi::Communicator& comm) {
  State state;
  state.tensors.reserve(static_cast<std::size_t>(workload.tensors));
  for (std::int64_t i = 0; i < workload.tensors; ++i)
    state.tensors.emplace_back(cairn::Shape{workload.rows, workload.columns},
                               cairn::block_rows(workload.rows, comm.rank(), comm.size()));
  return state;
}

template <class Visit>
void for_each_value(State& state, const Workload& workload, const Visit& visit) {
  for (std::size_t i = 0; i < state.tensors.size(); ++i) {
    const std::span<float> values = state.tensors[i].span();
    const std::int64_t begin = values.empty() ? 0 : state.tensors[i].boxes()[0].start[0] * workload.columns;
    for (std::size_t k = 0; k < values.size(); ++k)
      visit(values[k], value_of(static_cast<std::int64_t>(i), begin + static_cast<std::int64_t>(k)));
  }
}

void require(bool is_done, const char* what) {
  if (!is_done) throw std::runtime_error(std::string("cannot ") + what);
}

// The kernel's part. The file of a rank of N has its rows of every tensor, one tensor behind the other.
class Floor {
 public:
  Floor(const Workload& workload, const cairn::mpi::Communicator& comm, std::string directory)
      : workload_(workload), comm_(comm), directory_(std::move(directory)) {}

  void save(State& state) {
    const int file = ::open(path(comm_.rank(), comm_.size()).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    require(file >= 0, "make the file");
    ::off_t at = 0;
    for (auto& tensor : state.tensors)
      in_pieces(std::as_writable_bytes(tensor.span()), [&](std::span<std::byte> piece) {
        crc_ = cairn::format::extend_crc32c(crc_, piece);
        require(::pwrite(file, piece.data(), piece.size(), at) == static_cast<::ssize_t>(piece.size()), "write");
        at += static_cast<::off_t>(piece.size());
      });
    require(::close(file) == 0, "close");
  }

  void restore(State& state) {
    int savers = 0;
    for (const auto& each : std::filesystem::directory_iterator(directory_)) savers += each.is_regular_file() ? 1 : 0;
    const cairn::Band mine = cairn::block_rows(workload_.rows, comm_.rank(), comm_.size());
    for (int saver = 0; saver < savers; ++saver) {
      const cairn::Band theirs = cairn::block_rows(workload_.rows, saver, savers);
      const std::int64_t begin = std::max(mine.start, theirs.start);
      const std::int64_t end = std::min(mine.start + mine.size, theirs.start + theirs.size);
      if (begin >= end) continue;
      const int file = ::open(path(saver, savers).c_str(), O_RDONLY | O_CLOEXEC);
      require(file >= 0, "open the file");
      const auto row = workload_.columns * static_cast<std::int64_t>(sizeof(float));
      for (std::size_t i = 0; i < state.tensors.size(); ++i) {
        ::off_t at = (static_cast<std::int64_t>(i) * theirs.size + begin - theirs.start) * row;
        in_pieces(std::as_writable_bytes(state.tensors[i].span())
                      .subspan(static_cast<std::size_t>((begin - mine.start) * row),
                               static_cast<std::size_t>((end - begin) * row)),
                  [&](std::span<std::byte> piece) {
                    require(::pread(file, piece.data(), piece.size(), at) == static_cast<::ssize_t>(piece.size()),
                            "read");
                    crc_ = cairn::format::extend_crc32c(crc_, piece);
                    at += static_cast<::off_t>(piece.size());
                  });
      }
      ::close(file);
    }
  }

  [[nodiscard]] std::uint32_t crc() const { return crc_; }

 private:
  [[nodiscard]] std::string path(int rank, int ranks) const {
    return directory_ + "/" + std::to_string(rank) + "-of-" + std::to_string(ranks);
  }
  template <class Work>
  static void in_pieces(std::span<std::byte> all, const Work& work) {
    constexpr std::size_t piece = std::size_t{256} << 10;
    for (std::size_t begin = 0; begin < all.size(); begin += piece)
      work(all.subspan(begin, std::min(piece, all.size() - begin)));
  }

  Workload workload_;
  cairn::mpi::Communicator comm_;
  std::string directory_;
  std::uint32_t crc_ = 0;
};

#ifdef CAIRN_WITH_HDF5
// One file, written and read by all ranks through MPI-IO; each rank its rows of every data set.
void with_hdf5(State& state, const Workload& workload, const cairn::mpi::Communicator& comm, const std::string& path,
               bool is_save) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_mpio(access, comm.handle(), MPI_INFO_NULL);
  const hid_t file = is_save ? H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access)
                             : H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
  require(file >= 0, "open the file of HDF5");
  const cairn::Band mine = cairn::block_rows(workload.rows, comm.rank(), comm.size());
  const hsize_t whole[] = {static_cast<hsize_t>(workload.rows), static_cast<hsize_t>(workload.columns)};
  const hsize_t start[] = {static_cast<hsize_t>(mine.start), 0};
  const hsize_t count[] = {static_cast<hsize_t>(mine.size), whole[1]};
  const hid_t space = H5Screate_simple(2, whole, nullptr), memory = H5Screate_simple(2, count, nullptr);
  H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nullptr, count, nullptr);
  for (std::size_t i = 0; i < state.tensors.size(); ++i) {
    const std::string name = "t" + std::to_string(i);
    const hid_t set =
        is_save ? H5Dcreate2(file, name.c_str(), H5T_NATIVE_FLOAT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)
                : H5Dopen2(file, name.c_str(), H5P_DEFAULT);
    const auto done = is_save ? H5Dwrite(set, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, state.tensors[i].data())
                              : H5Dread(set, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, state.tensors[i].data());
    require(set >= 0 && done >= 0, "transfer a data set of HDF5");
    H5Dclose(set);
  }
  H5Sclose(memory);
  H5Sclose(space);
  H5Fclose(file);
  H5Pclose(access);
}
#endif

int perform(const std::string& contender, const std::string& operation, const std::string& name,
            const std::string& directory) {
  const bool is_save = operation == "save";
  const float before = operation == "start" ? 0.0F : -1.0F;
  const cairn::mpi::Communicator comm{MPI_COMM_WORLD};
  const Workload workload = workload_of(name);
  State state = state_of(workload, comm);
  for_each_value(state, workload, [&](float& value, float wanted) { value = is_save ? wanted : before; });
  cairn::mpi::Checkpoint checkpoint{comm, state};
  Floor floor{workload, comm, directory};

  MPI_Barrier(comm.handle());
  const double begin = MPI_Wtime();
  if (contender == "cairn") {
    if (is_save)
      checkpoint.write(directory + "/ckpt", {.durability = cairn::Durability::none});
    else
      checkpoint.read(directory + "/ckpt").assert_consumed();
  } else if (contender == "floor") {
    is_save ? floor.save(state) : floor.restore(state);
#ifdef CAIRN_WITH_HDF5
  } else if (contender == "hdf5") {
    with_hdf5(state, workload, comm, directory + "/state.h5", is_save);
#endif
  } else {
    return std::fprintf(stderr, "there is no contender %s here\n", contender.c_str()), 2;
  }
  double seconds = MPI_Wtime() - begin, slowest = 0;
  MPI_Reduce(&seconds, &slowest, 1, MPI_DOUBLE, MPI_MAX, 0, comm.handle());

  bool is_right = true;
  for_each_value(state, workload, [&](float value, float wanted) { is_right = is_right && value == wanted; });
  require(is_right, "find the values that were saved");
  if (comm.rank() == 0) std::printf("{\"seconds\": %.4f, \"checksum\": %u}\n", slowest, floor.crc());
  return 0;
}

}  // namespace

int main(int count, char** words) {
  MPI_Init(&count, &words);
  int status = 2;
  if (count == 5) {
    try {
      status = perform(words[1], words[2], words[3], words[4]);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      MPI_Abort(MPI_COMM_WORLD, 1);
    }
  }
  MPI_Finalize();
  return status;
}
