// One state, written on one platform and read on another.
//
//   state write DIRECTORY      saves it there
//   state read DIRECTORY       restores it, and compares every value
#include <cairn/cairn.hpp>
#include <cairn/exchange.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Layer {
  cairn::Variable<float, 3, 5> kernel;
  cairn::Variable<cairn::bfloat16, 5> bias;
};
struct State {
  std::vector<Layer> layers;
  std::map<std::string, double> losses;
  cairn::Variable<std::complex<double>, 2> waves;
  cairn::Variable<std::int16_t, 4> small;
  cairn::Variable<std::uint64_t, 3> large;
  std::vector<std::string> words;
  std::optional<std::string> name;
  std::int64_t step = 0;
  bool is_done = false;
};

State made() {
  State state;
  state.layers.resize(2);
  float value = 0.1F;
  for (Layer& layer : state.layers) {
    for (float& each : layer.kernel.span()) each = value *= -1.37F;
    for (cairn::bfloat16& each : layer.bias.span()) each = cairn::bfloat16(value *= 0.9F);
  }
  state.losses = {{"train", 0.1}, {"test", -std::numeric_limits<double>::denorm_min()}};
  state.waves[0] = {1.5, -2.25};
  state.waves[1] = {std::numeric_limits<double>::infinity(), 1e-300};
  std::int16_t number = -32768;
  for (std::int16_t& each : state.small.span()) each = number = static_cast<std::int16_t>(number + 12345);
  state.large[0] = 0x0123456789abcdef;
  state.large[1] = ~std::uint64_t{0};
  state.words = {"first", std::string("a\0b", 3)};
  state.name = "\xc3\xa4";
  state.step = -0x0102030405060708;
  state.is_done = true;
  return state;
}

template <class T>
bool is_same(const T& a, const T& b) {
  return std::equal(a.span().begin(), a.span().end(), b.span().begin(), b.span().end());
}
bool is_same(const State& a, const State& b) {
  bool same = a.layers.size() == b.layers.size() && a.losses == b.losses && a.name == b.name && a.step == b.step &&
              a.is_done == b.is_done && is_same(a.waves, b.waves) && is_same(a.small, b.small) &&
              is_same(a.large, b.large) && a.words == b.words;
  for (std::size_t i = 0; same && i < a.layers.size(); ++i)
    same = is_same(a.layers[i].kernel, b.layers[i].kernel) && is_same(a.layers[i].bias, b.layers[i].bias);
  return same;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string directory = argv[2];
  State state;
  cairn::Checkpoint checkpoint{state};
  if (std::string_view(argv[1]) == "write") {
    state = made();
    checkpoint.write(directory + "/state");
    cairn::convert(directory + "/state", cairn::FileFormat::safetensors, directory + "/state.safetensors");
    return 0;
  }
  checkpoint.read(directory + "/state").assert_consumed();
  if (!is_same(state, made())) return std::puts("the state differs"), 1;
  state = {};
  cairn::convert(directory + "/state.safetensors", cairn::FileFormat::tensorflow, directory + "/again");
  checkpoint.read(directory + "/again").assert_consumed();
  if (!is_same(state, made())) return std::puts("the state differs that went through safetensors"), 1;
  return 0;
}
