// Memory for lists that are short and very many, as those of an object graph's nodes: one call of operator new for a
// hundred of them.
//
//   SmallList<ObjectReference> children;      // used as std::vector is
//
// Small blocks are cut one after the other from a chunk of the thread that asks. A chunk counts the blocks that are in
// use, and goes with the last of them, whichever thread gives it back.
#pragma once

#include <atomic>
#include <cstddef>
#include <new>
#include <vector>

namespace cairn::detail {

class SmallBlocks {
 public:
  // Throws std::bad_alloc; nothing is taken then.
  [[nodiscard]] static void* allocate(std::size_t bytes) {
    if (bytes > largest_block) return ::operator new(bytes);
    const std::size_t size = (bytes + alignment - 1) / alignment * alignment;
    if (current_.chunk == nullptr || size > chunk_bytes - current_.used) begin_chunk();
    std::byte* const block = reinterpret_cast<std::byte*>(current_.chunk) + current_.used;
    current_.used += size;
    current_.chunk->users.fetch_add(1, std::memory_order_relaxed);
    if (has_ended_) leave_chunk();
    return block;
  }
  static void deallocate(void* block, std::size_t bytes) noexcept {
    if (bytes > largest_block) return ::operator delete(block);
    const std::size_t in_chunk = reinterpret_cast<std::size_t>(block) % chunk_bytes;
    give_back(reinterpret_cast<Chunk*>(static_cast<std::byte*>(block) - in_chunk));
  }

 private:
  static constexpr std::size_t chunk_bytes = std::size_t{1} << 14;  // a chunk begins at a multiple of it
  static constexpr std::size_t largest_block = std::size_t{1} << 10;
  static constexpr std::size_t alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

  struct alignas(alignment) Chunk {
    std::atomic<std::size_t> users{1};  // its blocks, and the thread that takes from it
  };
  struct Current {
    Chunk* chunk;
    std::size_t used;
  };
  // Leaves the chunk when the thread ends. What is asked for even later gets chunks of its own.
  struct AtEndOfThread {
    bool is_armed = true;
    ~AtEndOfThread() {
      has_ended_ = true;
      if (current_.chunk != nullptr) leave_chunk();
    }
  };

  static void begin_chunk() {
    void* const memory = ::operator new (chunk_bytes, std::align_val_t{chunk_bytes});
    if (current_.chunk != nullptr) leave_chunk();
    if (!has_ended_) at_end_.is_armed = true;  // the first use of it in a thread makes it
    current_ = {new (memory) Chunk, sizeof(Chunk)};
  }
  static void leave_chunk() noexcept {
    give_back(current_.chunk);
    current_ = {nullptr, 0};
  }
  static void give_back(Chunk* chunk) noexcept {
    if (chunk->users.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    chunk->~Chunk();
    ::operator delete (static_cast<void*>(chunk), std::align_val_t{chunk_bytes});
  }

  static inline thread_local constinit Current current_{nullptr, 0};
  static inline thread_local constinit bool has_ended_ = false;
  static thread_local AtEndOfThread at_end_;
};
inline thread_local SmallBlocks::AtEndOfThread SmallBlocks::at_end_{};

// Takes small blocks; all its objects are equal.
template <class T>
class SmallBlockAllocator {
 public:
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  using value_type = T;

  SmallBlockAllocator() noexcept = default;
  template <class U>
  SmallBlockAllocator(const SmallBlockAllocator<U>&) noexcept {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(SmallBlocks::allocate(count * sizeof(T)));
  }
  void deallocate(T* block, std::size_t count) noexcept { SmallBlocks::deallocate(block, count * sizeof(T)); }

  template <class U>
  friend bool operator==(const SmallBlockAllocator&, const SmallBlockAllocator<U>&) noexcept {
    return true;
  }
};

template <class T>
using SmallList = std::vector<T, SmallBlockAllocator<T>>;

}  // namespace cairn::detail
