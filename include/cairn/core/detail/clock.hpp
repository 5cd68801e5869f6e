// The clocks that options use unless the program sets its own.
#pragma once

#include "tree.hpp"

#include <chrono>
#include <thread>

namespace cairn::core::detail {

[[nodiscard]] inline double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// The seconds since an arbitrary moment, by a clock that is never set back.
[[nodiscard]] inline double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline void sleep_for_seconds(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

}  // namespace cairn::core::detail
