// SmallBlocks: memory for very many small objects. A hundred of them cost one call of operator new.
//
// Each thread has a chunk of its own, from which its small blocks are cut one after the other. A chunk counts the
// blocks that are in use and is freed with the last of them, whichever thread gives that block back.
#pragma once

#include "../../version.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

namespace CAIRN_NAMESPACE::core::detail {

class SmallBlocks {
 public:
  // Returns at least `bytes` bytes. Throws std::bad_alloc; nothing is taken then.
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
  static constexpr std::size_t chunk_bytes = std::size_t{1} << 14;  // a chunk's address is a multiple of this
  static constexpr std::size_t largest_block = std::size_t{1} << 10;
  static constexpr std::size_t alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

  struct alignas(alignment) Chunk {
    std::atomic<std::size_t> users{1};  // the blocks in use, and one more while a thread cuts blocks from the chunk
  };
  struct Current {
    Chunk* chunk;
    std::size_t used;
  };
  // Leaves the thread's chunk when the thread ends. A block that is asked for even later gets a chunk of its own.
  struct AtEndOfThread {
    bool is_armed = true;
    ~AtEndOfThread() {
      has_ended_ = true;
      if (current_.chunk != nullptr) leave_chunk();
    }
  };

  static void begin_chunk() {
    void* const memory = ::operator new(chunk_bytes, std::align_val_t{chunk_bytes});
    if (current_.chunk != nullptr) leave_chunk();
    if (!has_ended_) {  // a thread_local object is made where a thread comes to it first
      static thread_local AtEndOfThread at_end;
      at_end.is_armed = true;
    }
    current_ = {new (memory) Chunk, sizeof(Chunk)};
  }
  static void leave_chunk() noexcept {
    give_back(current_.chunk);
    current_ = {nullptr, 0};
  }
  static void give_back(Chunk* chunk) noexcept {
    if (chunk->users.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    chunk->~Chunk();
    ::operator delete(static_cast<void*>(chunk), std::align_val_t{chunk_bytes});
  }

  static inline thread_local constinit Current current_{nullptr, 0};
  static inline thread_local constinit bool has_ended_ = false;
};

}  // namespace CAIRN_NAMESPACE::core::detail
