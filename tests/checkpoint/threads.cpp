// States large enough that several threads save and restore them, and too large for a second copy.
#include <cairn/checkpoint/checkpoint.hpp>

#include <doctest/doctest.h>

#include "support/bytes_read.hpp"
#include "support/scratch.hpp"

#include <algorithm>
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
std::string bytes_of(const std::filesystem::path& path) {
  std::string bytes(static_cast<std::size_t>(std::filesystem::file_size(path)), '\0');
  std::ifstream(path, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
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

TEST_CASE("a state that was just made is read once; one that holds numbers twice, and no byte more than that") {
  const cairn::test::ScratchDirectory scratch;
  State state = filled(1);
  cairn::Checkpoint checkpoint{state};
  const std::string path = checkpoint.save(scratch.path() / "ckpt");
  const std::uint64_t size = std::filesystem::file_size(path + ".data-00000-of-00001");
  constexpr std::uint64_t index_and_graph = 32'768;
  const auto bytes_for = [&] {
    const std::uint64_t before = cairn::test::bytes_read();
    checkpoint.restore(path).assert_consumed();
    CHECK(is_equal(state, filled(1)));
    return cairn::test::bytes_read() - before;
  };
  state = filled(2);
  CHECK(bytes_for() <= 2 * size + index_and_graph);
  std::fill(state.large.begin(), state.large.end(), 0.0f);
  std::fill(state.last.begin(), state.last.end(), 0u);
  CHECK(bytes_for() <= size + index_and_graph);
}

TEST_CASE("a copy that several threads made is written as the state itself is, byte for byte") {
  State state = filled(1);
  for (std::size_t i = 0; i < 300; ++i) state.small.emplace_back(i, 0.5);
  cairn::Checkpoint checkpoint{state};
  for (const std::uint64_t shard_size : {std::uint64_t{0}, std::uint64_t{5'000'011}})
    for (const std::size_t threads : {1u, 2u, 3u}) {
      CAPTURE(threads);
      const cairn::test::ScratchDirectory scratch;
      cairn::CheckpointOptions options{.shard_size = shard_size, .threads = threads};
      checkpoint.write(scratch.path() / "direct", options);
      options.enable_async = true;
      checkpoint.write(scratch.path() / "copied", options);
      checkpoint.sync();
      std::size_t files = 0;
      for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
        std::string name = entry.path().filename().string();
        if (!name.starts_with("direct")) continue;
        ++files;
        CHECK((bytes_of(entry.path()) == bytes_of(scratch.path() / name.replace(0, 6, "copied"))));
      }
      CHECK(files == (shard_size == 0 ? 2 : 5));
    }
}
