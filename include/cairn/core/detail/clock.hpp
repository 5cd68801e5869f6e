// The clocks that options use unless the program sets its own: those of POSIX, as <chrono> and <thread> would take a tenth
// of an empty file's compilation.
#pragma once

#include "tree.hpp"

#include <time.h>

#include <cerrno>

namespace cairn::core::detail {

[[nodiscard]] inline double seconds_of(::clockid_t clock) noexcept {
  ::timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

[[nodiscard]] inline double seconds_since_1970() noexcept { return seconds_of(CLOCK_REALTIME); }

// The seconds since an arbitrary moment, by a clock that is never set back.
[[nodiscard]] inline double steady_seconds() noexcept { return seconds_of(CLOCK_MONOTONIC); }

inline void sleep_for_seconds(double seconds) noexcept {
  if (!(seconds > 0)) return;
  constexpr double longest = 1e9;
  if (seconds > longest) seconds = longest;
  ::timespec time{};
  time.tv_sec = static_cast<::time_t>(seconds);
  time.tv_nsec = static_cast<long>((seconds - static_cast<double>(time.tv_sec)) * 1e9);
  while (::nanosleep(&time, &time) != 0 && errno == EINTR) {}
}

}  // namespace cairn::core::detail
