// mpi::Checkpoint: the state of a program that runs as many ranks, saved and restored as one checkpoint.
//
//   cairn::mpi::Checkpoint checkpoint{MPI_COMM_WORLD, simulation};
//   const std::string path = checkpoint.save("run/ckpt");    // on every rank: "run/ckpt-1"
//   checkpoint.restore(path).assert_consumed();              // also on another number of ranks
#pragma once

#include "../checkpoint/checkpoint.hpp"
#include "../core/detail/shared.hpp"
#include "../core/path_argument.hpp"
#include "communicator.hpp"
#include "detail/collective_state.hpp"
#include "options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>

namespace CAIRN_NAMESPACE::mpi {

template <class... Children>
class Checkpoint;

namespace detail {

struct CheckpointAccess {
  template <class CheckpointType>
  [[nodiscard]] static const auto& state(const CheckpointType& checkpoint) noexcept {
    return checkpoint.state_;
  }
};

template <class T>
inline constexpr bool is_collective_checkpoint = false;
template <class... Children>
inline constexpr bool is_collective_checkpoint<Checkpoint<Children...>> = true;

}  // namespace detail

// A cairn::Checkpoint for all ranks of a communicator: its rules for objects, names, options and Errors hold here, too.
//
// Collective means: every rank of the communicator calls the member, with the same paths and options, in the same order
// as other collective calls of cairn with that communicator. The constructor, save, write, restore, read and sync are
// collective; so is the destructor after a save with enable_async that no other call has completed. When a collective
// call fails on one rank, it throws Error on all of them, with the sentence and the number of the first rank that
// failed: nothing was published, and the tracked values of every rank are what they were. When ranks make different
// calls, or track states of different structures, each gets Error with ErrorCode::invalid_argument, whose sentence
// names the ranks and the difference. The others wait for a rank that never calls, as everywhere in MPI; a rank that
// ends without MPI_Finalize ends the others.
//
// The communicator stays the user's, and must live longer than the Checkpoint. cairn calls MPI in the thread that calls
// cairn, and in no other one: MPI_THREAD_SINGLE is enough without enable_async, MPI_THREAD_FUNNELED with it.
//
// All ranks must see one file system under the paths that they give.
template <class... Children>
class Checkpoint {
 public:
  // Collective. Tracks named objects, or one object as the root and named ones beside its members, as cairn::Checkpoint
  // does. Throws Error with ErrorCode::already_exists when the root object has a member of a name that is given, too;
  // on one rank alone, ErrorCode::failed_precondition and invalid_argument for the reasons that Communicator gives.
  explicit Checkpoint(const Communicator& comm, Children... children)
      : comm_(comm), children_(children...), state_(core::detail::make_shared<detail::CollectiveState>(comm, [&] {
          return checkpoint::detail::make_root(children...);
        })) {
    static_cast<void>(sizeof(cairn::Checkpoint<Children...>));  // which refuses in sentences what cannot be tracked
  }
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;
  Checkpoint(Checkpoint&&) noexcept = default;
  Checkpoint& operator=(Checkpoint&&) noexcept = default;
  ~Checkpoint() = default;

  // Collective. Saves the state under the next number, and returns the path on every rank: "run/ckpt" gives "run/ckpt-1".
  // Rank 0 chooses the number, as cairn::Checkpoint::save does, and writes run/checkpoint. Each rank writes a data file of
  // its own, unless it has nothing to write, or another one writes for it (CheckpointOptions::writers). Throws Error with
  // the codes of cairn::Checkpoint::save, and ErrorCode::invalid_argument for different structures; failed_precondition
  // for values that have drifted apart (check_replicas); unimplemented for incremental, and for objects with a registered
  // saver.
  std::string save(const PathArgument& prefix, const CheckpointOptions& options = {}) {
    return state_->save(prefix.string(), options);
  }

  // Collective. Writes the state to this path, without a number and without the file `checkpoint`; returns the path. A
  // checkpoint of that path is replaced at one instant. Throws Error with the codes that save() lists.
  std::string write(const PathArgument& prefix, const CheckpointOptions& options = {}) {
    return state_->write(prefix.string(), options);
  }

  // Collective. Completes a save that is under way in the background (CheckpointOptions::enable_async). When that save
  // failed on any rank, its Error is thrown on all, once.
  void sync() {
    state_->begin("sync");
    state_->sync();
  }

  // Collective. Restores a checkpoint that save() wrote on any number of ranks, or cairn::Checkpoint, or TensorFlow.
  // Rank 0 reads the index, and each rank the parts of the data files that it needs. `path` is that of a checkpoint, or
  // of a directory, which means its latest checkpoint; nullopt restores nothing. The status has the values of this
  // rank. When it throws, the tracked values of all ranks are unchanged. The one exception is that of
  // cairn::Checkpoint::restore: the state is large, and the disk of a rank fails after everything was found whole.
  // Throws Error with the codes of cairn::Checkpoint::restore.
  [[nodiscard]] LoadStatus restore(const std::optional<PathArgument>& path, const RestoreOptions& options = {}) {
    return path ? state_->restore(path->string(), options, true) : LoadStatus();
  }

  // Collective. Restores a checkpoint that write() wrote, as restore() does, but without the save counter.
  [[nodiscard]] LoadStatus read(const std::optional<PathArgument>& path, const RestoreOptions& options = {}) {
    return path ? state_->restore(path->string(), options, false) : LoadStatus();
  }

  // Returns the number of times that this state was saved, over all programs that restored it. Not collective.
  [[nodiscard]] std::int64_t save_counter() { return state_->save_counter(); }

  // Returns the communicator that was given.
  [[nodiscard]] const Communicator& communicator() const noexcept { return comm_; }

  // Returns a member by its path, which the compiler follows, as cairn::Checkpoint::get does. Not collective.
  template <FixedString path>
  [[nodiscard]] auto& get() const noexcept {
    return checkpoint::detail::get_tracked<path>(children_);
  }

 private:
  friend detail::CheckpointAccess;

  Communicator comm_;
  std::tuple<Children...> children_;
  core::detail::Shared<detail::CollectiveState> state_;
};

// The type of a Checkpoint of one object, for a data member of a class, as cairn::CheckpointOf.
template <class Model>
using CheckpointOf = Checkpoint<checkpoint::detail::RootOf<Model>>;

template <FixedString... names, class... T>
Checkpoint(Communicator, Named<names, T>...) -> Checkpoint<Named<names, T>...>;
template <class T, FixedString... names, class... Children>
  requires(!checkpoint::detail::is_named<T> && !detail::is_collective_checkpoint<T>)
Checkpoint(Communicator, T&, Named<names, Children>...)
    -> Checkpoint<checkpoint::detail::RootOf<T>, Named<names, Children>...>;
template <class T>
  requires(!std::is_lvalue_reference_v<T> && !checkpoint::detail::is_named<T> && !detail::is_collective_checkpoint<T>)
Checkpoint(Communicator, T&&) -> Checkpoint<checkpoint::detail::Temporary<T>>;

}  // namespace CAIRN_NAMESPACE::mpi
