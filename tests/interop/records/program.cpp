// Lists of structs that hold only numbers, as columns: what a Python user would write by hand.
#include "interop/case.hpp"

#include <array>
#include <deque>
#include <vector>

using namespace cairn::literals;

namespace {

struct Particle {
  std::array<double, 3> position{};
  float mass = 0;
  bool is_alive = false;
};
struct State {
  std::vector<Particle> particles;
  std::deque<Particle> queue;
  std::vector<Particle> from_a_list;
  std::vector<std::array<float, 2>> points;
};

Particle particle(int i) { return {{i + 0.25, i + 0.5, -1.0 * i}, static_cast<float>(i) / 2, i % 2 == 1}; }
bool is_right(const auto& list, int first, std::size_t count) {
  if (list.size() != count) return false;
  for (const Particle& each : list) {
    const Particle expected = particle(first++);
    if (each.position != expected.position || each.mass != expected.mass || each.is_alive != expected.is_alive)
      return false;
  }
  return true;
}

}  // namespace

void write(const std::filesystem::path& directory) {
  State state;
  for (int i = 0; i < 4; ++i) state.particles.push_back(particle(i));
  for (int i = 10; i < 13; ++i) state.queue.push_back(particle(i));
  state.points = {{1, 2}, {3, 4}, {5, 6}};
  cairn::Checkpoint checkpoint{"state"_a = state};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  for (const std::size_t present : {0u, 4u, 9u}) {
    State state;
    state.particles.resize(present);
    state.queue.resize(present);
    state.from_a_list.resize(present);
    cairn::Checkpoint{"state"_a = state}.restore((directory / "ckpt-1").string()).assert_consumed();
    CAIRN_EXPECT(is_right(state.particles, 0, 4));
    CAIRN_EXPECT(is_right(state.queue, 10, 3));
    CAIRN_EXPECT(is_right(state.from_a_list, 20, 2));
    CAIRN_EXPECT((state.points == std::vector<std::array<float, 2>>{{1, 2}, {3, 4}, {5, 6}}));
  }
}
