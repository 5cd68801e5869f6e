// Elements: the elements of a Variable, or those that copies of a Tensor share, on the heap behind a count of their
// owners. The class knows them by their dtype alone, so that no code is made for each element type.
//
//   [owners, dtype, count] [element 0] [element 1] ...
//                           ^ the pointer that a handle has
#pragma once

#include "../../core/dtype.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>

namespace CAIRN_NAMESPACE::tensor::detail {

// A handle of one block of elements, or of none. Copies of a handle share the block; the last one ends it. Several
// threads may copy and end handles of one block.
class Elements {
 public:
  Elements() noexcept = default;
  // `count` elements, zeros or empty strings. Throws std::bad_alloc.
  Elements(DType dtype, std::size_t count) {
    const std::size_t size = size_in_memory(dtype);
    if (count > (static_cast<std::size_t>(-1) / 2 - sizeof(Block)) / size) throw std::bad_array_new_length();
    data_ = new (::operator new(sizeof(Block) + count * size)) Block{{1}, dtype, count} + 1;
    if (dtype == DT_STRING)
      for (std::size_t i = 0; i < count; ++i) new (static_cast<void*>(strings() + i)) std::string();
    else if (count != 0)
      std::memset(data_, 0, count * size);
  }
  Elements(const Elements& other) noexcept : data_(other.data_) {
    if (data_ != nullptr) block().owners.fetch_add(1, std::memory_order_relaxed);
  }
  Elements(Elements&& other) noexcept : data_(other.data_) { other.data_ = nullptr; }
  Elements& operator=(Elements other) noexcept {
    swap(other);
    return *this;
  }
  ~Elements() {
    if (data_ == nullptr || block().owners.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (block().dtype == DT_STRING)
      for (std::size_t i = 0; i < block().count; ++i) strings()[i].~basic_string();
    ::operator delete(&block());
  }

  // A block of its own with elements that are equal to the `count` elements at `from`. Throws std::bad_alloc.
  [[nodiscard]] static Elements copy_of(DType dtype, std::size_t count, const void* from) {
    Elements copy(dtype, count);
    copy.assign(from);
    return copy;
  }
  // Makes the elements equal to as many at `from`, also those of other handles.
  void assign(const void* from) const {
    if (block().dtype == DT_STRING)
      for (std::size_t i = 0; i < size(); ++i) strings()[i] = static_cast<const std::string*>(from)[i];
    else if (size() != 0)
      std::memmove(data_, from, size() * size_in_memory(block().dtype));
  }
  void swap(Elements& other) noexcept {
    void* const data = data_;
    data_ = other.data_;
    other.data_ = data;
  }

  [[nodiscard]] bool is_null() const noexcept { return data_ == nullptr; }
  [[nodiscard]] bool is_shared() const noexcept {
    return data_ != nullptr && block().owners.load(std::memory_order_acquire) != 1;
  }
  // Null without a block.
  [[nodiscard]] void* data() const noexcept { return data_; }
  // `T` is the type of the elements.
  template <class T>
  [[nodiscard]] T* as() const noexcept {
    return static_cast<T*>(data_);
  }
  [[nodiscard]] std::size_t size() const noexcept { return data_ == nullptr ? 0 : block().count; }

 private:
  struct Block {
    std::atomic<std::uint32_t> owners;
    DType dtype;
    std::uint64_t count;
  };
  static_assert(sizeof(Block) == 16);  // so that the elements behind it are aligned as the block is

  [[nodiscard]] static std::size_t size_in_memory(DType dtype) noexcept {
    return dtype == DT_STRING ? sizeof(std::string) : size_of(dtype);
  }
  [[nodiscard]] Block& block() const noexcept { return *(static_cast<Block*>(data_) - 1); }
  [[nodiscard]] std::string* strings() const noexcept { return static_cast<std::string*>(data_); }

  void* data_ = nullptr;
};

}  // namespace CAIRN_NAMESPACE::tensor::detail
