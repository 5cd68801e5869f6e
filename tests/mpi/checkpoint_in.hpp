// An mpi::Checkpoint over any file system, another one on each rank where that is wanted.
#pragma once

#include <cairn/mpi.hpp>

#include <optional>
#include <string>

namespace cairn::test {

class CheckpointIn {
 public:
  template <class T>
  CheckpointIn(io::FileSystem& files, const mpi::Communicator& comm, T& root)
      : state_(core::detail::make_shared<mpi::detail::CollectiveState>(
            comm, [&] { return checkpoint::detail::make_root(checkpoint::detail::RootOf<T>{root}); }, files)) {}

  std::string save(const std::string& prefix, const mpi::CheckpointOptions& options = {}) {
    return state_->save(prefix, options);
  }
  std::string write(const std::string& prefix, const mpi::CheckpointOptions& options = {}) {
    return state_->write(prefix, options);
  }
  [[nodiscard]] LoadStatus restore(const std::string& path, const RestoreOptions& options = {}) {
    return state_->restore(path, options, true);
  }
  void sync() {
    state_->begin("sync");
    state_->sync();
  }
  [[nodiscard]] std::int64_t save_counter() { return state_->save_counter(); }

 private:
  friend mpi::detail::CheckpointAccess;

  core::detail::Shared<mpi::detail::CollectiveState> state_;
};

}  // namespace cairn::test
