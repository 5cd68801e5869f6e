// Everyday types of the standard library: Python reads each with the dtype that it expects, and writes it back.
#include "interop/case.hpp"

#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <complex>
#include <cstddef>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <valarray>
#include <variant>
#include <vector>

using namespace cairn::literals;
using namespace std::chrono_literals;

namespace {

enum class Phase : std::uint8_t { heating, cooling, done };
struct Linear {
  double k = 0;
};
struct Quadratic {
  double k = 0;
  cairn::Variable<float, 2> q;
};
struct Item {
  std::int64_t n = 0;
};
struct State {
  std::chrono::nanoseconds elapsed{};
  std::chrono::duration<double> seconds{};
  std::chrono::sys_seconds started{};
  std::vector<std::chrono::milliseconds> laps;
  std::filesystem::path out;
  std::vector<std::filesystem::path> files;
  std::atomic<std::int32_t> steps{0};
  std::array<std::atomic<bool>, 2> done{};
  std::bitset<4> bits;
  std::valarray<std::complex<float>> wave;
  std::byte byte{};
  std::set<std::int64_t> ids;
  std::unordered_set<std::string> words;
  std::map<int, float> numbers;
  std::map<Phase, Item> items;
  std::multimap<std::string, double> events;
  std::unordered_map<std::filesystem::path, std::string> titles;
  std::variant<Linear, Quadratic> force;
  std::variant<std::monostate, int> perhaps;
  std::monostate nothing;
  std::minstd_rand engine;
  std::normal_distribution<double> normal;
};

void fill_state(State& state) {
  state.elapsed = -5ns;
  state.seconds = 1.5s;
  state.started += 1'000'000s;
  state.laps = {1ms, 2ms};
  state.out = "out/x.txt";
  state.files = {"a", "b/c"};
  state.steps = 3;
  state.done[1] = true;
  state.bits = 0b0101;
  state.wave = {{1, 2}, {3, -4}};
  state.byte = std::byte{200};
  state.ids = {3, -1, 2};
  state.words = {"z", "a", "m"};
  state.numbers = {{5, 0.5f}, {-2, 2.f}};
  state.items[Phase::done].n = 7;
  state.items[Phase::heating].n = 8;
  state.events = {{"b", 1}, {"a", 2}, {"b", 0.5}};
  state.titles = {{"x/y", "one"}, {"x", "two"}};
  state.force = Quadratic{2, {}};
  fill(std::get<1>(state.force).q, 1);
  state.engine = std::minstd_rand(16807);
  state.normal = std::normal_distribution<double>(0.5, 2);
}

void expect_filled(State& state) {
  State right;
  fill_state(right);
  CAIRN_EXPECT(state.elapsed == right.elapsed && state.seconds == right.seconds && state.started == right.started);
  CAIRN_EXPECT(state.laps == right.laps && state.out == right.out && state.files == right.files);
  CAIRN_EXPECT(state.steps == 3 && !state.done[0] && state.done[1] && state.bits == right.bits);
  CAIRN_EXPECT(state.wave.size() == 2 && (state.wave == right.wave).min() && state.byte == right.byte);
  CAIRN_EXPECT(state.ids == right.ids && state.words == right.words && state.numbers == right.numbers);
  CAIRN_EXPECT(state.items.size() == 2 && state.items[Phase::done].n == 7 && state.items[Phase::heating].n == 8);
  CAIRN_EXPECT(state.events == right.events && state.titles == right.titles);
  CAIRN_EXPECT(state.force.index() == 1 && std::get<1>(state.force).k == 2 && is_filled(std::get<1>(state.force).q, 1));
  CAIRN_EXPECT(state.perhaps == right.perhaps && state.engine == right.engine && state.normal == right.normal);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  State state;
  fill_state(state);
  cairn::Checkpoint{"state"_a = state}.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  State state;
  state.perhaps = 3;
  state.numbers = {{5, 9}, {6, 9}};
  cairn::Checkpoint{"state"_a = state}.restore(directory / "ckpt-1").assert_consumed();
  expect_filled(state);
}

void resume(const std::filesystem::path& directory) { read(directory / "again"); }
