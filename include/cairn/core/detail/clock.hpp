// The clocks that options use unless the program sets its own: those of the system, as <chrono> and <thread> would take a
// tenth of an empty file's compilation.
#pragma once

#include "windows_api.hpp"

#include <cerrno>
#include <cstdint>

#if !defined(_WIN32)
#include <time.h>
#endif

namespace CAIRN_NAMESPACE::core::detail {

#if defined(_WIN32)

[[nodiscard]] inline double seconds_since_1970() noexcept {
  constexpr double ticks_per_second = 1e7, seconds_from_1601_to_1970 = 11644473600;
  std::uint32_t time[2] = {};  // FILETIME: the low half first
  ::GetSystemTimePreciseAsFileTime(reinterpret_cast<::_FILETIME*>(&time));
  const std::uint64_t ticks = std::uint64_t{time[1]} << 32 | time[0];
  return static_cast<double>(ticks) / ticks_per_second - seconds_from_1601_to_1970;
}

// The seconds since an arbitrary moment, by a clock that is never set back.
[[nodiscard]] inline double steady_seconds() noexcept {
  std::int64_t now = 0, per_second = 1;
  ::QueryPerformanceCounter(reinterpret_cast<::_LARGE_INTEGER*>(&now));
  ::QueryPerformanceFrequency(reinterpret_cast<::_LARGE_INTEGER*>(&per_second));
  return static_cast<double>(now) / static_cast<double>(per_second);
}

inline void sleep_for_seconds(double seconds) noexcept {
  constexpr double longest = 4e6;
  if (seconds > 0) ::Sleep(static_cast<unsigned long>((seconds < longest ? seconds : longest) * 1e3));
}

#else

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

#endif

}  // namespace CAIRN_NAMESPACE::core::detail
