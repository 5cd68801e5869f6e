// Shards by size, as TensorFlow's MaxShardSizePolicy makes them, and smaller than it can.
#include "interop/case.hpp"

#include <cairn/bundle/reader.hpp>

#include <string>
#include <vector>

using namespace cairn::literals;

namespace {

struct State {
  cairn::Variable<float, 10, 4> a;
  cairn::Variable<float> b;
  cairn::Variable<double, 7, 3, 5> c;
  cairn::Variable<std::int64_t, 3> d;
  std::string e;
  cairn::Variable<float, 100> f;
  cairn::Variable<std::int16_t, 13, 2, 3> h;
  std::string i;
};

struct Strings {
  std::vector<std::string> first;
  std::vector<std::string> last;
};

}  // namespace

void write(const std::filesystem::path& directory) {
  State state;
  fill(state.a, 1);
  fill(state.b, 2);
  fill(state.c, 3);
  fill(state.d, 4);
  state.e = std::string(200, 'x');
  fill(state.f, 5);
  fill(state.h, 6);
  state.i = "ab";
  cairn::Checkpoint checkpoint{"state"_a = state};
  for (const std::uint64_t size : {120U, 128U, 150U, 200U, 333U, 500U, 1000U, 4000U, 1U, 4U, 8U, 50U})
    checkpoint.write(directory / std::to_string(size), {.shard_size = size});

  Strings strings;
  for (std::size_t i = 0; i < 10; ++i) {
    strings.first.push_back("text " + std::to_string(i));
    strings.last.push_back(std::string(i, 'y'));
  }
  cairn::Checkpoint{"state"_a = strings}.write(directory / "strings", {.shard_size = 20});
}

void read(const std::filesystem::path& directory) {
  for (const int size : {120, 128, 150, 200, 333, 500, 1000, 4000}) {
    const std::string prefix = directory / std::to_string(size);
    State state;
    cairn::Checkpoint checkpoint{"state"_a = state};
    checkpoint.read(prefix).assert_consumed();
    CAIRN_EXPECT(is_filled(state.a, 1));
    CAIRN_EXPECT(is_filled(state.b, 2));
    CAIRN_EXPECT(is_filled(state.c, 3));
    CAIRN_EXPECT(is_filled(state.d, 4));
    CAIRN_EXPECT(state.e == std::string(200, 'x'));
    CAIRN_EXPECT(is_filled(state.f, 5));
    CAIRN_EXPECT(is_filled(state.h, 6));
    CAIRN_EXPECT(state.i == "ab");

    const cairn::bundle::Reader reader(prefix);
    const auto block = reader.read_slice("state/c/.ATTRIBUTES/VARIABLE_VALUE", {{2, 4}, {}, {1, 3}});
    CAIRN_EXPECT(block.shape() == cairn::Shape{4, 3, 3});
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t j = 0; j < 3; ++j)
        CAIRN_EXPECT(std::memcmp(&block.span<double>()[i * 9 + j * 3], &state.c.span()[(i + 2) * 15 + j * 5 + 1], 24) ==
                     0);
  }
}
