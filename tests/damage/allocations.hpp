// How much memory the program holds, and the most it ever held: allocations.cpp replaces operator new for the whole
// test program.
#pragma once

#include "support/slowness.hpp"

#include <cstddef>

namespace cairn::test {

[[nodiscard]] std::size_t allocated_bytes() noexcept;
[[nodiscard]] std::size_t peak_bytes() noexcept;
void reset_peak() noexcept;

// The most that is allocated, beyond what is allocated now, while it lives.
class PeakMemory {
 public:
  PeakMemory() noexcept : before_(allocated_bytes()) { reset_peak(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return peak_bytes() > before_ ? peak_bytes() - before_ : 0; }

 private:
  std::size_t before_;
};

// CPU time of this process, and how much of it a call may take: far more than any does, because CPU time, too,
// grows where a machine is shared; what does harm takes minutes.
[[nodiscard]] double cpu_seconds() noexcept;
inline constexpr double patience = 5 * slowness;

// So many things that take time and memory by their number; a tenth under a sanitizer, which looks for something else.
[[nodiscard]] constexpr unsigned many(unsigned count) noexcept { return count / slowness; }

}  // namespace cairn::test
