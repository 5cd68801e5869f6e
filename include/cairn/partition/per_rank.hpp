// PerRank: an object of which every rank has its own: random numbers, the particles of its part of the space.
//
//   cairn::PerRank<std::mt19937_64> random;      // (*random)() draws from this rank's
//
// In a checkpoint it is a list with an element for each rank: random/0, random/1, ... A program of one process is rank
// 0 of 1. When another number of ranks restores, only the program knows how the values are to be divided:
//
//   cairn::PerRank<Particles> particles{Particles{}, [](cairn::SavedRanks<Particles>& saved) {
//     Particles mine;                            // 3 ranks take what 4 have saved: rank 0 that of 0 and 3, ...
//     for (int rank = saved.rank(); rank < saved.size(); rank += saved.ranks()) mine.append(saved.read(rank));
//     return mine;
//   }};
#pragma once

#include "../reflect/detail/adapter.hpp"
#include "detail/per_rank_type.hpp"

#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

// The answer of a restore to a PerRank that another number of ranks has saved.
enum class OnOtherRanks {
  error,  // the restore is refused, and nothing changes
  keep,   // each rank takes the value of its number; a rank whose number was not saved keeps its value
  drop    // the saved values stay in the checkpoint, and every rank keeps its value
};

// The values that all ranks have saved, for a function that makes one rank's value of them. It is valid while that
// function runs.
template <class T>
class SavedRanks {
 public:
  // Returns the number of ranks that have saved.
  [[nodiscard]] int size() const noexcept { return size_; }
  // Return this rank, and the number of ranks that restore.
  [[nodiscard]] int rank() const noexcept { return partition::detail::PresentRank::rank(); }
  [[nodiscard]] int ranks() const noexcept { return partition::detail::PresentRank::ranks(); }
  // Returns this rank's value before the restore.
  [[nodiscard]] const T& present() const noexcept { return present_; }

  // Returns the value that a rank has saved. Throws Error with ErrorCode::out_of_range when `rank` is not in [0,
  // size()), and with the codes of a restore.
  [[nodiscard]] T read(int rank) {
    T value = made();
    partition::detail::read_rank(loader_, rank, size_, graph::detail::slot_of(value));
    return value;
  }

  // For the library.
  SavedRanks(graph::detail::NodeLoader& loader, int size, const T& present) noexcept
      : loader_(loader), size_(size), present_(present) {}

 private:
  // Where it can be copied, like the present value: what is not in the checkpoint is what it was.
  [[nodiscard]] T made() const {
    if constexpr (std::is_copy_constructible_v<T>)
      return present_;
    else
      return T();
  }

  graph::detail::NodeLoader& loader_;
  int size_;
  const T& present_;
};

// This rank's T, which may be any type that is tracked. It is used as a pointer to the value: *random,
// particles->size().
template <class T>
class PerRank {
 public:
  // The type of the value.
  using value_type = T;
  // A function that makes this rank's value of the values that another number of ranks has saved. The restore lets its
  // exceptions through.
  using Function = T (*)(SavedRanks<T>& saved);

  PerRank() = default;
  PerRank(T value, OnOtherRanks rule = OnOtherRanks::error)  // NOLINT(google-explicit-constructor)
      : value_(std::move(value)), on_other_ranks_(rule) {}
  PerRank(T value, Function make) : value_(std::move(value)), function_(make) {}

  // Each returns this rank's value, which the PerRank owns; it is never empty.
  [[nodiscard]] const T& operator*() const noexcept { return value_; }
  [[nodiscard]] T& operator*() noexcept { return value_; }
  [[nodiscard]] const T* operator->() const noexcept { return __builtin_addressof(value_); }
  [[nodiscard]] T* operator->() noexcept { return __builtin_addressof(value_); }
  [[nodiscard]] const T& value() const noexcept { return value_; }
  [[nodiscard]] T& value() noexcept { return value_; }

  // Return the rule and the function of the constructor; the function is null where none was given.
  [[nodiscard]] OnOtherRanks on_other_ranks() const noexcept { return on_other_ranks_; }
  [[nodiscard]] Function function() const noexcept { return function_; }

 private:
  T value_{};
  OnOtherRanks on_other_ranks_ = OnOtherRanks::error;
  Function function_ = nullptr;
};

template <class T>
struct reflect::detail::Adapter<PerRank<T>> {
  using type = partition::detail::PerRankType<PerRank<T>, SavedRanks<T>>;
};

}  // namespace CAIRN_NAMESPACE
