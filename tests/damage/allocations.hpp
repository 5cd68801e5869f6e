// How much memory the program holds, and the most it ever held: allocations.cpp replaces operator new for the whole
// test program.
#pragma once

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

// CPU time of this process, so that a busy machine makes no test fail. Sanitizers are slow: they get ten times as long.
[[nodiscard]] double cpu_seconds() noexcept;
#if defined(__SANITIZE_ADDRESS__)
inline constexpr double patience = 10;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr double patience = 10;
#else
inline constexpr double patience = 1;
#endif
#else
inline constexpr double patience = 1;
#endif

}  // namespace cairn::test
