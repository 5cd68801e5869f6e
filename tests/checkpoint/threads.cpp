// States large enough that several threads save and restore them, and too large for a second copy.
#include <cairn/checkpoint/checkpoint.hpp>

#include <doctest/doctest.h>

#include "support/scratch.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

struct State {
  std::vector<float> large;
  std::vector<std::vector<double>> small;
  std::int64_t step = 0;
  std::vector<std::string> texts;
  std::vector<std::uint32_t> last;
};

State filled(float factor) {
  State state;
  state.large.resize(std::size_t{3} << 20);
  for (std::size_t i = 0; i < state.large.size(); ++i) state.large[i] = factor * static_cast<float>(i % 1000);
  for (std::size_t i = 0; i < 20; ++i) state.small.emplace_back(i * 100, static_cast<double>(factor));
  state.step = static_cast<std::int64_t>(factor);
  state.texts.assign(3, std::string(100, factor == 1 ? 'a' : 'b'));
  state.last.assign(std::size_t{1} << 20, static_cast<std::uint32_t>(factor));
  return state;
}
bool is_equal(const State& a, const State& b) {
  return a.large == b.large && a.small == b.small && a.step == b.step && a.texts == b.texts && a.last == b.last;
}

}  // namespace

TEST_CASE("any number of threads saves and restores the same, whole or in shards") {
  const State expected = filled(1);
  for (const std::uint64_t shard_size : {std::uint64_t{0}, std::uint64_t{5'000'011}})
    for (const std::size_t threads : {0u, 1u, 2u, 3u}) {
      CAPTURE(threads);
      const cairn::test::ScratchDirectory scratch;
      State state = filled(1);
      cairn::Checkpoint checkpoint{state};
      const std::string path = checkpoint.save(scratch.path() / "ckpt", {.shard_size = shard_size, .threads = threads});
      state = filled(2);
      checkpoint.restore(path, {.threads = threads}).assert_consumed();
      CHECK(is_equal(state, expected));
    }
}

TEST_CASE("damage in the last bytes of a large state changes none of its values, whoever reads them") {
  const cairn::test::ScratchDirectory scratch;
  State state = filled(1);
  cairn::Checkpoint checkpoint{state};
  const std::string path = checkpoint.save(scratch.path() / "ckpt");
  {
    std::fstream file(path + ".data-00000-of-00001", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(16 << 20));  // in `last`, the largest of what follows
    file.put('\x55');
  }
  const State before = state = filled(2);
  for (const std::size_t threads : {1u, 2u, 3u}) {
    CAPTURE(threads);
    try {
      (void)checkpoint.restore(path, {.threads = threads});
      FAIL("the damage must be found");
    } catch (const cairn::Error& error) {
      CHECK(error.code() == cairn::ErrorCode::data_loss);
      CHECK(error.key() == "last/.ATTRIBUTES/VARIABLE_VALUE");
    }
    CHECK(is_equal(state, before));
  }
}
