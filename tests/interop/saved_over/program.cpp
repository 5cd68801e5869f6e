// Saving over a checkpoint: the new data file stands beside the old one, as shard 1 of 2 without a shard 0.
#include "interop/case.hpp"

namespace {

struct State {
  cairn::Variable<float, 3> x;
  std::int64_t y = 0;
};

void save(const std::filesystem::path& prefix, std::uint32_t seed) {
  State state;
  fill(state.x, seed);
  fill(state.y, seed + 1);
  cairn::Checkpoint checkpoint{state};
  CAIRN_EXPECT(checkpoint.write(prefix) == prefix.string());
}

void expect(const std::filesystem::path& prefix, std::uint32_t seed) {
  State state;
  cairn::Checkpoint checkpoint{state};
  checkpoint.read(prefix).assert_consumed();
  CAIRN_EXPECT(is_filled(state.x, seed));
  CAIRN_EXPECT(is_filled(state.y, seed + 1));
}

}  // namespace

void write(const std::filesystem::path& directory) {
  save(directory / "once", 11);
  for (const std::uint32_t seed : {12U, 13U}) save(directory / "twice", seed);
  for (const std::uint32_t seed : {13U, 14U, 15U}) save(directory / "thrice", seed);
}

void read(const std::filesystem::path& directory) {
  expect(directory / "model", 5);
  for (const std::uint32_t seed : {31U, 33U, 35U}) {
    save(directory / "model", seed);
    expect(directory / "model", seed);
  }
}
