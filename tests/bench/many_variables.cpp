// What a variable costs when there are many: 10,000, 100,000 and 200,000 of them, 16 floats each, in a vector of
// structs. Prints seconds for the walk, a save and a restore, and how they grow; linear is 10 and 2.
#include <cairn/cairn.hpp>

#include "measure.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <new>
#include <string>
#include <vector>

namespace {

std::atomic<std::size_t> allocations{0};

void* allocate(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void release(void* memory) noexcept { std::free(memory); }

struct Particle {
  std::array<float, 16> values{};
};
struct State {
  std::vector<Particle> particles;
};

struct Cost {
  double walk = std::numeric_limits<double>::max(), save = walk, restore = walk;
  double allocations = 0;
};

template <class Call>
void keep_least(double& least, const Call& call) {
  const double begin = bench::now();
  call();
  least = std::min(least, bench::now() - begin);
}

Cost cost_of(std::size_t count) {
  const cairn::test::ScratchDirectory scratch;
  State state{std::vector<Particle>(count)};
  cairn::Checkpoint checkpoint{state};
  const std::string path = scratch.path() / "p";
  Cost cost;
  for (int repetition = 0; repetition < 7; ++repetition) {
    keep_least(cost.walk, [&] {
      const std::size_t before = allocations;
      (void)cairn::graph::detail::walk({.object = cairn::graph::detail::slot_of(state).get(), .children = {}});
      cost.allocations = static_cast<double>(allocations - before) / static_cast<double>(count);
    });
    keep_least(cost.save, [&] { checkpoint.write(path, {.durability = cairn::Durability::none}); });
    keep_least(cost.restore, [&] { checkpoint.read(path).assert_consumed(); });
  }
  return cost;
}

void print_growth(const char* what, double Cost::* member, const std::array<Cost, 3>& costs) {
  std::printf("| %s | %.2f | %.2f | %.2f | %.1f | %.1f |\n", what, 1e3 * (costs[0].*member), 1e3 * (costs[1].*member),
              1e3 * (costs[2].*member), costs[1].*member / costs[0].*member, costs[2].*member / costs[1].*member);
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
// std::stable_sort asks for memory without exceptions.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }

int main() {
  const std::array<Cost, 3> costs{cost_of(10'000), cost_of(100'000), cost_of(200'000)};
  std::puts("| milliseconds (least of 7) | 10,000 | 100,000 | 200,000 | 10 times as many | 2 times as many |");
  std::puts("|---|---|---|---|---|---|");
  print_growth("walk", &Cost::walk, costs);
  print_growth("save, not waiting for the disk", &Cost::save, costs);
  print_growth("restore, from the system's cache", &Cost::restore, costs);
  std::printf("\nallocations in the walk, per variable: %.3f\n", costs[1].allocations);
}
