// The rank that a collective call is made for: what tells a PerRank which child is its own.
#pragma once

#include "../../bundle/detail/partly_read.hpp"
#include "../../core/detail/vec.hpp"

#include <utility>

namespace CAIRN_NAMESPACE::partition::detail {

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
  // the sums of all ranks tell whether they are right.
  [[nodiscard]] const core::detail::Vec<bundle::detail::PartlyRead>& partly_read() const noexcept {
    return checks_.partly_read;
  }

 private:
  struct Checks : bundle::detail::LaterChecks {
    Checks() : LaterChecks(&add) {}
    static void add(LaterChecks& checks, const bundle::detail::PartlyRead& read) {
      static_cast<Checks&>(checks).partly_read.push_back(read);
    }
    core::detail::Vec<bundle::detail::PartlyRead> partly_read;
  };

  [[nodiscard]] static PresentRank*& present() noexcept {
    static thread_local PresentRank* rank = nullptr;
    return rank;
  }

  int rank_, ranks_;
  Checks checks_;
  PresentRank* before_;
};

}  // namespace CAIRN_NAMESPACE::partition::detail
