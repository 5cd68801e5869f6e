// Vec: the engine's std::vector. It has the part of std::vector's interface that the engine needs, and costs a compiler
// a fifth of it: g++ 12 -O0 makes some 15 functions for an element type where std::vector takes 60, and example 01 has 80
// element types. Iterators are pointers; elements that are copied as bytes share the functions of VecMemory. Public types
// stay std::vector.
//
//   Vec<Piece> pieces;
//   pieces.reserve(2);
//   pieces.push_back({key, 0, size});
//   for (const Piece& piece : pieces) write(piece);
#pragma once

#include "../../version.hpp"

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <new>
#include <stdexcept>

namespace CAIRN_NAMESPACE::core::detail {

// The memory of any Vec. `count` and `capacity` are elements, `size` is the bytes of an element.
struct VecMemory {
  // Throws std::length_error when the elements would take half of the address space, and std::bad_alloc.
  [[nodiscard]] static void* allocate(std::size_t count, std::size_t size, std::size_t alignment) {
    if (count > static_cast<std::size_t>(-1) / 2 / size) throw std::length_error("a list is too long");
    return alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? ::operator new(count * size, std::align_val_t{alignment})
                                                        : ::operator new(count * size);
  }
  static void deallocate(void* memory, std::size_t alignment) noexcept {
    if (alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__)
      ::operator delete(memory, std::align_val_t{alignment});
    else
      ::operator delete(memory);
  }
  // The capacity of a list that grows, so that n calls of push_back move each element a few times only.
  [[nodiscard]] static std::size_t grown(std::size_t capacity, std::size_t wanted) noexcept {
    const std::size_t twice = capacity < 2 ? 4 : 2 * capacity;
    return twice < wanted ? wanted : twice;
  }
  static void copy(void* to, const void* from, std::size_t bytes) noexcept {
    if (bytes != 0) std::memcpy(to, from, bytes);
  }
  // With _GLIBCXX_ASSERTIONS, as in std::vector.
  static void check([[maybe_unused]] bool is_within) noexcept {
#ifdef _GLIBCXX_ASSERTIONS
    if (!is_within) __builtin_trap();
#endif
  }
};

// Compilers' own words stand here in place of <type_traits>' templates, which are a tenth of what a Vec<T> costs.
// Every function means what std::vector's function of that name does. An element's move constructor must not throw.
// push_back() and insert() of one element may be given an element of the list. When an element's constructor throws,
// push_back() and reserve() leave the list as it was; resize() and insert() leave some of the new elements in it.
template <class T>
class Vec {
 public:
  using value_type = T;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using const_reference = const T&;
  using iterator = T*;
  using const_iterator = const T*;

  Vec() noexcept = default;
  explicit Vec(std::size_t count) : Vec() { resize(count); }
  Vec(std::size_t count, const T& value) : Vec() { resize(count, value); }
  Vec(std::initializer_list<T> elements) : Vec() { append(elements.begin(), elements.end()); }
  template <class Iterator>
    requires requires(Iterator each) { *each; }
  Vec(Iterator first, Iterator last) : Vec() {
    append(first, last);
  }
  Vec(const Vec& other) : Vec() { append(other.begin_, other.begin_ + other.size_); }
  Vec(Vec&& other) noexcept : begin_(other.begin_), size_(other.size_), capacity_(other.capacity_) {
    other.begin_ = nullptr, other.size_ = other.capacity_ = 0;
  }
  Vec& operator=(const Vec& other) {
    if (this != &other) *this = Vec(other);
    return *this;
  }
  Vec& operator=(Vec&& other) noexcept {
    // `other` may be this list, or end with an element of it.
    T* const begin = other.begin_;
    const std::size_t size = other.size_, capacity = other.capacity_;
    other.begin_ = nullptr, other.size_ = other.capacity_ = 0;
    shrink(0);
    VecMemory::deallocate(begin_, alignof(T));
    begin_ = begin, size_ = size, capacity_ = capacity;
    return *this;
  }
  ~Vec() {
    shrink(0);
    VecMemory::deallocate(begin_, alignof(T));
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] T* data() noexcept { return begin_; }
  [[nodiscard]] const T* data() const noexcept { return begin_; }
  [[nodiscard]] T* begin() noexcept { return begin_; }
  [[nodiscard]] const T* begin() const noexcept { return begin_; }
  [[nodiscard]] T* end() noexcept { return begin_ + size_; }
  [[nodiscard]] const T* end() const noexcept { return begin_ + size_; }
  [[nodiscard]] T& operator[](std::size_t index) noexcept { return VecMemory::check(index < size_), begin_[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept {
    return VecMemory::check(index < size_), begin_[index];
  }
  [[nodiscard]] T& at(std::size_t index) { return require(index), begin_[index]; }
  [[nodiscard]] const T& at(std::size_t index) const { return require(index), begin_[index]; }
  [[nodiscard]] T& front() noexcept { return (*this)[0]; }
  [[nodiscard]] const T& front() const noexcept { return (*this)[0]; }
  [[nodiscard]] T& back() noexcept { return (*this)[size_ - 1]; }
  [[nodiscard]] const T& back() const noexcept { return (*this)[size_ - 1]; }

  void reserve(std::size_t count) {
    if (count > capacity_) reallocate(count);
  }
  void resize(std::size_t count) {
    reserve_for(count);
    if constexpr (noexcept(T())) {  // without a count in memory, bytes are set at once
      for (T *each = begin_ + size_, *const end = begin_ + count; each < end; ++each)
        new (static_cast<void*>(each)) T();
      if (size_ < count) size_ = count;
    } else {
      for (; size_ < count; ++size_) new (static_cast<void*>(begin_ + size_)) T();
    }
    shrink(count);
  }
  void resize(std::size_t count, const T& value) {
    const T copy(value);  // of what may be an element that moves now
    reserve_for(count);
    while (size_ < count) push_back(copy);
    shrink(count);
  }
  void assign(std::size_t count, const T& value) { *this = Vec(count, value); }
  template <class Iterator>
    requires requires(Iterator each) { *each; }
  void assign(Iterator first, Iterator last) {
    *this = Vec(first, last);
  }
  void clear() noexcept { shrink(0); }

  void push_back(const T& element) {
    push_back(T(element));  // a copy, of what may be an element that moves now
  }
  void push_back(T&& element) {
    if (size_ < capacity_) {
      new (static_cast<void*>(begin_ + size_)) T(static_cast<T&&>(element));
      ++size_;
    } else {
      T taken(static_cast<T&&>(element));
      reallocate(VecMemory::grown(capacity_, size_ + 1));
      push_back(static_cast<T&&>(taken));
    }
  }
  // An aggregate may be made of its members.
  template <class... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    if constexpr (requires { T(static_cast<Arguments&&>(arguments)...); })
      push_back(T(static_cast<Arguments&&>(arguments)...));
    else
      push_back(T{static_cast<Arguments&&>(arguments)...});
    return begin_[size_ - 1];
  }
  void pop_back() noexcept { shrink(size_ - 1); }

  T* insert(const T* place, T element) {
    const std::size_t index = make_room(place, 1);
    begin_[index] = static_cast<T&&>(element);
    return begin_ + index;
  }
  T* insert(const T* place, std::size_t count, const T& value) {
    const T copy(value);
    const std::size_t index = make_room(place, count);
    for (std::size_t i = 0; i < count; ++i) begin_[index + i] = copy;
    return begin_ + index;
  }
  // [first, last) is no part of this list.
  template <class Iterator>
    requires requires(Iterator each) { *each; }
  T* insert(const T* place, Iterator first, Iterator last) {
    if (place == end()) {
      const std::size_t index = size_;
      append(first, last);
      return begin_ + index;
    }
    std::size_t count = 0;
    for (Iterator each = first; each != last; ++each) ++count;
    const std::size_t index = make_room(place, count);
    for (std::size_t i = index; first != last; ++first) begin_[i++] = *first;
    return begin_ + index;
  }
  T* erase(const T* place) noexcept { return erase(place, place + 1); }
  T* erase(const T* first, const T* last) noexcept {
    T* const at = begin_ + (first - begin_);
    T* to = at;
    if (first != last)
      for (T* from = begin_ + (last - begin_); from != end(); ++from) *to++ = static_cast<T&&>(*from);
    else
      to = end();
    shrink(static_cast<std::size_t>(to - begin_));
    return at;
  }
  void swap(Vec& other) noexcept {
    T* const begin = begin_;
    const std::size_t size = size_, capacity = capacity_;
    begin_ = other.begin_, size_ = other.size_, capacity_ = other.capacity_;
    other.begin_ = begin, other.size_ = size, other.capacity_ = capacity;
  }

  friend bool operator==(const Vec& a, const Vec& b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i)
      if (!(a.begin_[i] == b.begin_[i])) return false;
    return true;
  }
  friend bool operator<(const Vec& a, const Vec& b) {
    for (std::size_t i = 0; i < b.size_; ++i)
      if (i == a.size_ || a.begin_[i] < b.begin_[i])
        return true;
      else if (b.begin_[i] < a.begin_[i])
        return false;
    return false;
  }

 private:
  void require(std::size_t index) const {
    if (index >= size_) throw std::out_of_range("a list has fewer elements");
  }
  template <class Iterator>
  void append(Iterator first, Iterator last) {
    if constexpr (__is_same(Iterator, T*) || __is_same(Iterator, const T*)) {
      const std::size_t count = static_cast<std::size_t>(last - first);
      reserve_for(size_ + count);
      if constexpr (__is_trivially_copyable(T)) {
        VecMemory::copy(begin_ + size_, first, count * sizeof(T));
        size_ += count;
        return;
      }
    }
    for (; first != last; ++first) emplace_back(*first);
  }
  void reserve_for(std::size_t count) {
    if (count > capacity_) reallocate(VecMemory::grown(capacity_, count));
  }
  // Moves the elements to where none are, and ends those that they were.
  void reallocate(std::size_t capacity) {
    static_assert(noexcept(T(static_cast<T&&>(*begin_))));
    T* const grown = static_cast<T*>(VecMemory::allocate(capacity, sizeof(T), alignof(T)));
    if constexpr (__is_trivially_copyable(T))
      VecMemory::copy(grown, begin_, size_ * sizeof(T));
    else
      for (std::size_t i = 0; i < size_; ++i) {
        new (static_cast<void*>(grown + i)) T(static_cast<T&&>(begin_[i]));
        begin_[i].~T();
      }
    VecMemory::deallocate(begin_, alignof(T));
    begin_ = grown;
    capacity_ = capacity;
  }
  void shrink(std::size_t count) noexcept {
    if constexpr (__is_trivially_copyable(T)) {
      if (count < size_) size_ = count;
    } else {
      while (size_ > count) begin_[--size_].~T();
    }
  }
  // Makes `count` elements of no value before `place` and returns the index of the first. Their values are assigned.
  [[nodiscard]] std::size_t make_room(const T* place, std::size_t count) {
    const std::size_t index = static_cast<std::size_t>(place - begin_), old_size = size_;
    resize(size_ + count);
    for (std::size_t i = old_size; i != index; --i) begin_[i - 1 + count] = static_cast<T&&>(begin_[i - 1]);
    return index;
  }

  T* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Both as of std::vector.
template <class T, class Predicate>
std::size_t erase_if(Vec<T>& list, Predicate predicate) {
  T* kept = list.begin();
  for (T& each : list) {
    if (predicate(each)) continue;
    if (kept != &each) *kept = static_cast<T&&>(each);
    ++kept;
  }
  const std::size_t count = static_cast<std::size_t>(list.end() - kept);
  list.erase(kept, list.end());
  return count;
}
template <class T, class Value>
std::size_t erase(Vec<T>& list, const Value& value) {
  return erase_if(list, [&](const T& each) { return each == value; });
}

}  // namespace CAIRN_NAMESPACE::core::detail
