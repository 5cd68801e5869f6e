#include "allocations.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>

namespace {

std::atomic<std::size_t> held{0};
std::atomic<std::size_t> most{0};

// In front of every block, so that freeing it knows its size.
struct alignas(std::max_align_t) Header {
  std::size_t size;
  void* begin;  // what malloc gave
};

void* allocate(std::size_t size, std::size_t alignment) {
  alignment = std::max(alignment, alignof(Header));
  // A quarter of the address space is beyond any test; malloc would only complain loudly under a sanitizer.
  if (size > (std::size_t{1} << 40)) throw std::bad_alloc();
  const std::size_t space = size + sizeof(Header) + alignment;
  void* const begin = std::malloc(space);
  if (begin == nullptr) throw std::bad_alloc();
  void* place = static_cast<std::byte*>(begin) + sizeof(Header);
  std::size_t room = space - sizeof(Header);
  std::align(alignment, size, place, room);
  new (static_cast<std::byte*>(place) - sizeof(Header)) Header{size, begin};
  const std::size_t now = held.fetch_add(size, std::memory_order_relaxed) + size;
  std::size_t before = most.load(std::memory_order_relaxed);
  while (before < now && !most.compare_exchange_weak(before, now)) {}
  return place;
}

void release(void* place) noexcept {
  if (place == nullptr) return;
  const auto* const header = reinterpret_cast<const Header*>(static_cast<std::byte*>(place) - sizeof(Header));
  held.fetch_sub(header->size, std::memory_order_relaxed);
  std::free(header->begin);
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size, 0); }
void* operator new[](std::size_t size) { return allocate(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size, 0);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept { return operator new(size, nothrow); }
void operator delete(void* place) noexcept { release(place); }
void operator delete(void* place, const std::nothrow_t&) noexcept { release(place); }
void operator delete[](void* place, const std::nothrow_t&) noexcept { release(place); }
void operator delete[](void* place) noexcept { release(place); }
void operator delete(void* place, std::size_t) noexcept { release(place); }
void operator delete[](void* place, std::size_t) noexcept { release(place); }
void operator delete(void* place, std::align_val_t) noexcept { release(place); }
void operator delete[](void* place, std::align_val_t) noexcept { release(place); }
void operator delete(void* place, std::size_t, std::align_val_t) noexcept { release(place); }
void operator delete[](void* place, std::size_t, std::align_val_t) noexcept { release(place); }

namespace cairn::test {

std::size_t allocated_bytes() noexcept { return held.load(); }
std::size_t peak_bytes() noexcept { return most.load(); }
void reset_peak() noexcept { most.store(held.load()); }
double cpu_seconds() noexcept { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace cairn::test
