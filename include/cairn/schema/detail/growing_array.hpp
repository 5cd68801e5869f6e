// GrowingArray: a std::vector for constant expressions. libstdc++'s vector does not resize in clang 14's constant
// expressions, and takes many steps.
#pragma once

#include "../../version.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::schema::detail {

// The elements must be trivially copyable.
template <class T>
class GrowingArray {
 public:
  constexpr GrowingArray() = default;
  GrowingArray(const GrowingArray&) = delete;
  GrowingArray& operator=(const GrowingArray&) = delete;
  constexpr ~GrowingArray() { delete[] data_; }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr T* data() noexcept { return data_; }
  [[nodiscard]] constexpr const T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr T& operator[](std::size_t i) noexcept { return data_[i]; }
  [[nodiscard]] constexpr const T& operator[](std::size_t i) const noexcept { return data_[i]; }

  // Elements that were there keep their values; new elements may have any values.
  constexpr void resize(std::size_t size) {
    if (size > capacity_) reserve(2 * size + 16);
    size_ = size;
  }
  constexpr void push_back(const T& element) {
    resize(size_ + 1);
    data_[size_ - 1] = element;
  }

 private:
  constexpr void reserve(std::size_t capacity) {
    T* const more = new T[capacity]{};
#if defined(__clang__)
    if (size_ != 0) __builtin_memcpy(more, data_, size_ * sizeof(T));
#else
    for (std::size_t i = 0; i < size_; ++i) more[i] = data_[i];
#endif
    delete[] data_;
    data_ = more;
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace CAIRN_NAMESPACE::schema::detail
