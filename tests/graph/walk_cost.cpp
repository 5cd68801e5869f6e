// What a walk and a match cost when there are many variables, counted in calls of operator new: numbers that do not
// vary.
#include <cairn/graph/detail/walk.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace {

std::atomic<std::size_t> allocations{0};

void* allocate(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void release(void* memory) noexcept { std::free(memory); }

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size);
  } catch (...) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept { return operator new(size, nothrow); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  if (void* const memory = std::aligned_alloc(static_cast<std::size_t>(alignment), size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }

namespace {

struct Particle {
  std::array<float, 16> values{};
};

template <class Element>
std::size_t allocations_for(std::size_t count) {
  struct State {
    std::vector<Element> elements;
  };
  State state{std::vector<Element>(count)};
  const std::size_t before = allocations;
  const cairn::graph::detail::LiveGraph live = cairn::graph::detail::walk(cairn::test::root_of(state));
  const std::size_t after = allocations;
  CHECK(live.objects.size() > count);
  return after - before;
}

}  // namespace

TEST_CASE("a walk of many variables is linear and takes memory for lists that all share, and none for each") {
  constexpr std::size_t count = 20'000;
  constexpr std::size_t growth = 200;  // of the lists that all share
  constexpr std::size_t chunk = 50;    // variables whose names and keys share a block of text, at least
  CHECK(allocations_for<std::array<float, 16>>(count) <= count / chunk + growth);
  CHECK(allocations_for<Particle>(count) <= count / chunk + growth);
  CHECK(allocations_for<Particle>(2 * count) <= 2.1 * static_cast<double>(allocations_for<Particle>(count)));
}

TEST_CASE("a match of many variables takes memory for lists that all share, and none for each") {
  struct State {
    std::vector<std::array<float, 16>> elements;
  };
  constexpr std::size_t count = 20'000;
  constexpr std::size_t growth = 200;  // of the lists that all share
  constexpr std::size_t chunk = 8;     // objects that what is matched has in one, at least (MatchItems)
  State state{std::vector<std::array<float, 16>>(count)};
  const cairn::test::SavedState saved(cairn::test::root_of(state));
  const cairn::graph::detail::SavedGraph graph(saved.graph, "file");
  const std::size_t before = allocations;
  cairn::graph::detail::Matcher matcher(graph, saved);
  matcher.match(cairn::test::root_of(state));
  CHECK(allocations - before <= count / chunk + growth);
  CHECK(matcher.matched().size() == count);
}
