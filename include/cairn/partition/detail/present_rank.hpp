// The rank that a collective call is made for: what tells a PerRank which child is its own.
#pragma once

#include "../../bundle/detail/box_read.hpp"
#include "../../core/detail/vec.hpp"

#include <utility>

namespace cairn::partition::detail {

// As long as it lives, this thread saves and restores as that rank of so many; without one, as rank 0 of 1. They may be
// nested: the last one counts.
class PresentRank {
 public:
  PresentRank(int rank, int ranks) : rank_(rank), ranks_(ranks), before_(std::exchange(present(), this)) {}
  PresentRank(const PresentRank&) = delete;
  PresentRank& operator=(const PresentRank&) = delete;
  ~PresentRank() { present() = before_; }

  [[nodiscard]] static int rank() noexcept { return present() == nullptr ? 0 : present()->rank_; }
  [[nodiscard]] static int ranks() noexcept { return present() == nullptr ? 1 : present()->ranks_; }

  // The entries of which a restore of this rank has read some bytes only, so that their checksums are not checked yet:
  // the sums of all ranks tell whether they are right (box_read.hpp). Null in a restore of one process, which reads the
  // rest of the bytes.
  [[nodiscard]] static core::detail::Vec<bundle::detail::PartlyRead>* partly_read() noexcept {
    return present() == nullptr ? nullptr : &present()->partly_read_;
  }
  [[nodiscard]] core::detail::Vec<bundle::detail::PartlyRead>& partly_read_here() noexcept { return partly_read_; }

 private:
  [[nodiscard]] static PresentRank*& present() noexcept {
    static thread_local PresentRank* rank = nullptr;
    return rank;
  }

  int rank_, ranks_;
  core::detail::Vec<bundle::detail::PartlyRead> partly_read_;
  PresentRank* before_;
};

}  // namespace cairn::partition::detail
