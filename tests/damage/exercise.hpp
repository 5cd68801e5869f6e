// Everything a program can do with a checkpoint that it was given, done to one that may be hostile.
#pragma once

#include <cairn/io/file_system.hpp>

#include <cstddef>
#include <string>

namespace cairn::test {

// A checkpoint of what live.hpp tracks, with something everywhere.
void write_everything(io::FileSystem& files, const std::string& prefix);

struct Exercised {
  std::size_t refused = 0;  // calls that threw an Error
  double slowest = 0;       // CPU seconds of the slowest call
  // Bytes from operator new at their height. An edit holds a checkpoint before and after it, and a union the other one.
  std::size_t most_memory = 0;
  std::size_t most_memory_of_edits = 0;
};

// Opens and lists it, reads every tensor in every way, verifies it, edits it, and restores it into states that are
// empty, and one that is full. What a call throws that is no Error comes out of here.
Exercised exercise(io::FileSystem& files, const std::string& prefix);

}  // namespace cairn::test
