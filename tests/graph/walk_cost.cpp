// What a walk and a match cost when there are many variables, counted in calls of operator new: numbers that do not
// vary.
#include <cairn/edit/detail/edited_graph.hpp>
#include <cairn/format/object_graph.hpp>
#include <cairn/graph/detail/walk.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <malloc.h>

namespace {

std::atomic<std::size_t> allocations{0};
std::atomic<std::size_t> bytes_held{0}, most_bytes_held{0};

void* noted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  ++allocations;
  const std::size_t held = bytes_held += ::malloc_usable_size(memory);
  if (held > most_bytes_held) most_bytes_held = held;
  return memory;
}
void* allocate(std::size_t size) { return noted(std::malloc(size == 0 ? 1 : size)); }
void release(void* memory) noexcept {
  bytes_held -= ::malloc_usable_size(memory);
  std::free(memory);
}

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
  return noted(std::aligned_alloc(static_cast<std::size_t>(alignment), size));
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
  cairn::Variable<float, 16> values;
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
  CHECK(allocations_for<cairn::Variable<float, 16>>(count) <= count / chunk + growth);
  CHECK(allocations_for<Particle>(count) <= count / chunk + growth);
  CHECK(allocations_for<Particle>(2 * count) <= 2.1 * static_cast<double>(allocations_for<Particle>(count)));
}

TEST_CASE("a match of many variables takes memory for lists that all share, and none for each") {
  struct State {
    std::vector<cairn::Variable<float, 16>> elements;
  };
  constexpr std::size_t count = 20'000;
  constexpr std::size_t growth = 200;  // of the lists that all share
  constexpr std::size_t chunk = 8;     // objects that what is matched has in one, at least (MatchItems)
  State state{std::vector<cairn::Variable<float, 16>>(count)};
  const cairn::test::SavedState saved(cairn::test::root_of(state));
  const std::size_t before = allocations;
  const cairn::graph::detail::RestorePlan plan = match(saved.graph, saved, cairn::test::root_of(state));
  CHECK(allocations - before <= count / chunk + growth);
  CHECK(plan.status().matched.size() == count);
}

TEST_CASE("an object graph of many variables takes few bytes for each besides its texts, decoded and edited") {
  using namespace cairn;
  constexpr std::int32_t count = 100'000;
  ObjectGraph made;
  static_cast<void>(made.add_node());
  for (std::int32_t i = 0; i < count; ++i) {
    const std::string name = "v" + std::to_string(i);
    const std::int32_t id = made.add_node();
    made.add_child(0, {id, name});
    made.add_attribute(id, {"VARIABLE_VALUE", name, name + "/.ATTRIBUTES/VARIABLE_VALUE"});
    made.set_has_checkpoint_values(id, true);
  }
  std::string message = format::encode(made);
  made = {};
  const std::size_t before = bytes_held, texts = message.size();
  // The most that is taken for a variable meanwhile, and what is left then.
  const auto taken = [&](std::size_t held) { return (held - before) / static_cast<std::size_t>(count); };
  most_bytes_held = before;
  auto graph = std::make_shared<const ObjectGraph>(format::decode_object_graph(std::move(message)));
  const std::size_t decoded = taken(bytes_held), while_decoded = taken(most_bytes_held);
  CHECK(graph->size() == count + 1);
  CHECK(decoded <= 130);  // lists have room to grow
  CHECK(while_decoded <= 200);

  most_bytes_held = bytes_held.load();
  edit::detail::GraphEdit edit(graph);
  edit.cut({0, 0});
  const edit::detail::EditedGraph edited = std::move(edit).finish();
  CHECK(edited.graph->size() == count);
  CHECK(taken(most_bytes_held) <= 3 * texts / count + 600);
}
