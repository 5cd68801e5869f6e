// Runs one class of crafted checkpoints: each is opened, listed, read, verified and restored (exercise.hpp), and must
// end in a result or an Error, within the time and memory that reliability asks for.
#pragma once

#include <doctest/doctest.h>

#include "allocations.hpp"
#include "craft.hpp"
#include "exercise.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace cairn::test {

using Random = std::mt19937;

inline const Craft& good_checkpoint() {
  static const Craft craft = [] {
    testing::MemoryFileSystem files;
    write_everything(files, "p");
    return Craft(files, "p");
  }();
  return craft;
}

// Numbers at which something overflows, wraps or changes its sign.
inline std::int64_t hostile_number(Random& random) {
  constexpr std::array<std::int64_t, 22> numbers{0,
                                                 1,
                                                 2,
                                                 3,
                                                 -1,
                                                 -2,
                                                 127,
                                                 128,
                                                 255,
                                                 65536,
                                                 2147483647,
                                                 2147483648,
                                                 4294967295,
                                                 4294967296,
                                                 -2147483648,
                                                 std::int64_t{1} << 40,
                                                 std::int64_t{1} << 61,
                                                 (std::int64_t{1} << 61) + 1,
                                                 std::int64_t{1} << 62,
                                                 std::numeric_limits<std::int64_t>::max(),
                                                 std::numeric_limits<std::int64_t>::min(),
                                                 std::numeric_limits<std::int64_t>::max() / 3};
  return numbers[random() % numbers.size()];
}

template <class List>
auto& any_of(List& list, Random& random) {
  return list[random() % list.size()];
}

// `asked_for`: what the values that are read and restored, and the program's own objects that they go into, take by
// their number, however few bytes they are in the file.
inline void require_harmless(const CheckpointFiles& checkpoint, std::size_t asked_for = 0) {
  constexpr std::size_t mib = std::size_t{1} << 20;
  testing::MemoryFileSystem files;
  checkpoint.put(files, "p");
  const std::size_t most_mib = (4 * checkpoint.size() + asked_for) / mib + 64;
  try {
    const Exercised exercised = exercise(files, "p");
    CHECK(exercised.slowest < patience);
    CHECK(exercised.most_memory / mib <= most_mib);
    CHECK(exercised.most_memory_of_edits / mib <= 3 * most_mib);
  } catch (const std::exception& other) {
    FAIL_CHECK("something else than an Error was thrown: " << other.what());
  }
}

// make(variant, random) gives the files. The seed is the variant: what failed can be made again. A sanitizer sees the
// first ones of each class, a third or sixty.
template <class Make>
void require_all_harmless(unsigned variants, Make make, std::size_t asked_for = 0) {
  constexpr unsigned enough = 60;
  if (slowness > 1) variants = std::min(variants, std::max(enough, variants / 3));
  for (unsigned variant = 0; variant < variants; ++variant) {
    CAPTURE(variant);
    Random random(variant);
    require_harmless(make(variant, random), asked_for);
  }
}

}  // namespace cairn::test
