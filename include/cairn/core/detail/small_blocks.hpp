// SmallBlocks, SmallList: memory for very many short lists, such as those of an object graph's nodes. A hundred lists
// cost one call of operator new.
//
//   SmallList<ObjectReference> children;      // used as std::vector is, in the room of a pointer
//
// Each thread has a chunk of its own, from which its small blocks are cut one after the other. A chunk counts the
// blocks that are in use and is freed with the last of them, whichever thread gives that block back.
#pragma once

#include "tree.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace cairn::core::detail {

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
    if (!has_ended_) at_end_.is_armed = true;  // a thread_local object is made by its first use in a thread
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
  static thread_local AtEndOfThread at_end_;
};
inline thread_local SmallBlocks::AtEndOfThread SmallBlocks::at_end_{};

// A list of the size of a pointer, with the part of std::vector's interface that an object graph needs.
template <class T>
class SmallList {
 public:
  using value_type = T;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using const_reference = const T&;
  using iterator = T*;
  using const_iterator = const T*;

  SmallList() noexcept = default;
  SmallList(std::initializer_list<T> elements) { append(elements.begin(), elements.end()); }
  SmallList(const SmallList& other) : SmallList() { append(other.begin(), other.end()); }
  SmallList(SmallList&& other) noexcept : head_(std::exchange(other.head_, nullptr)) {}
  SmallList& operator=(const SmallList& other) {
    if (this != &other) *this = SmallList(other);
    return *this;
  }
  SmallList& operator=(SmallList&& other) noexcept {
    std::swap(head_, other.head_);
    return *this;
  }
  SmallList& operator=(std::initializer_list<T> elements) { return *this = SmallList(elements); }
  ~SmallList() {
    if (head_ == nullptr) return;
    clear();
    SmallBlocks::deallocate(head_, bytes_of(head_->capacity));
  }

  [[nodiscard]] std::size_t size() const noexcept { return head_ == nullptr ? 0 : head_->size; }
  [[nodiscard]] std::size_t capacity() const noexcept { return head_ == nullptr ? 0 : head_->capacity; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  [[nodiscard]] T* begin() noexcept { return elements(head_); }
  [[nodiscard]] T* end() noexcept { return begin() + size(); }
  [[nodiscard]] const T* begin() const noexcept { return elements(head_); }
  [[nodiscard]] const T* end() const noexcept { return begin() + size(); }
  [[nodiscard]] T& operator[](std::size_t index) noexcept { return begin()[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept { return begin()[index]; }
  [[nodiscard]] T& at(std::size_t index) { return begin()[checked(index)]; }
  [[nodiscard]] const T& at(std::size_t index) const { return begin()[checked(index)]; }
  [[nodiscard]] T& front() noexcept { return *begin(); }
  [[nodiscard]] const T& front() const noexcept { return *begin(); }
  [[nodiscard]] T& back() noexcept { return end()[-1]; }
  [[nodiscard]] const T& back() const noexcept { return end()[-1]; }

  // Makes room for exactly `count` elements, unless there is room already. Throws std::bad_alloc or std::length_error;
  // the list is unchanged then.
  void reserve(std::size_t count) {
    if (count <= capacity()) return;
    if (count > max_size) throw std::length_error("a list of an object graph is too long");
    Head* const grown = static_cast<Head*>(SmallBlocks::allocate(bytes_of(count)));
    new (grown) Head{static_cast<std::uint32_t>(size()), static_cast<std::uint32_t>(count)};
    for (std::size_t i = 0; i < size(); ++i) new (elements(grown) + i) T(std::move(begin()[i]));
    SmallList old;
    old.head_ = std::exchange(head_, grown);
  }
  void push_back(T element) {
    if (size() == capacity()) reserve(capacity() == 0 ? 1 : 2 * capacity());
    new (end()) T(std::move(element));
    ++head_->size;
  }
  void pop_back() noexcept {
    (end() - 1)->~T();
    --head_->size;
  }
  void clear() noexcept {
    if (head_ == nullptr) return;
    while (head_->size != 0) pop_back();
  }

  template <class Predicate>
  friend std::size_t erase_if(SmallList& list, Predicate predicate) {
    T* kept = list.begin();
    for (T& each : list) {
      if (predicate(each)) continue;
      if (kept != &each) *kept = std::move(each);
      ++kept;
    }
    const auto count = static_cast<std::size_t>(list.end() - kept);
    for (std::size_t i = 0; i < count; ++i) list.pop_back();
    return count;
  }
  friend bool operator==(const SmallList& a, const SmallList& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (!(a[i] == b[i])) return false;
    return true;
  }

 private:
  // A block begins with its Head; the elements follow.
  struct Head {
    std::uint32_t size;
    std::uint32_t capacity;
  };
  static_assert(alignof(T) <= sizeof(Head) && std::is_nothrow_move_constructible_v<T>);
  static constexpr std::size_t max_size =
      std::min<std::size_t>(std::numeric_limits<std::uint32_t>::max(),
                            (std::numeric_limits<std::ptrdiff_t>::max() - sizeof(Head)) / sizeof(T));

  [[nodiscard]] static std::size_t bytes_of(std::size_t capacity) noexcept {
    return sizeof(Head) + capacity * sizeof(T);
  }
  [[nodiscard]] static T* elements(Head* head) noexcept {
    return head == nullptr ? nullptr : reinterpret_cast<T*>(head + 1);
  }
  [[nodiscard]] std::size_t checked(std::size_t index) const {
    if (index >= size()) throw std::out_of_range("a list of an object graph has fewer elements");
    return index;
  }
  void append(const T* begin, const T* end) {
    reserve(static_cast<std::size_t>(end - begin));
    for (; begin != end; ++begin) push_back(*begin);
  }

  Head* head_ = nullptr;  // null when there never was an element
};

}  // namespace cairn::core::detail
