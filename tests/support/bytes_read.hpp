// How much a test read from files.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

namespace cairn::test {

// The bytes that this process has had from read() and its like, as Linux counts them; always 0 elsewhere.
inline std::uint64_t bytes_read() {
  std::ifstream counters("/proc/self/io");
  std::string name;
  std::uint64_t count = 0;
  while (counters >> name >> count)
    if (name == "rchar:") return count;
  return 0;
}

}  // namespace cairn::test
