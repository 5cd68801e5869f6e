// Shape: the extents of a tensor, the outermost first. Elements are row-major.
#pragma once

#include "error.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// A list of extents, each zero or more. `Shape{784, 10}` is a matrix's; a scalar's is empty. Up to four extents take no
// memory on the heap, and nearly all tensors have no more. A shape from a file may hold any numbers, negative ones too:
// checked_num_elements() and num_elements() are the one place where they are checked. operator[] checks no index.
class Shape {
 public:
  Shape() noexcept = default;
  // Makes a shape of these extents, the outermost first; they are not checked. A moved-from shape is empty.
  Shape(std::initializer_list<std::int64_t> extents) { assign({extents.begin(), extents.size()}); }
  explicit Shape(const std::vector<std::int64_t>& extents) { assign(extents); }
  explicit Shape(std::span<const std::int64_t> extents) { assign(extents); }
  Shape(const Shape& other) { assign(other.extents()); }
  Shape(Shape&& other) noexcept : rank_(other.rank_), extents_(other.extents_) { other.rank_ = 0; }
  Shape& operator=(const Shape& other) {
    if (this != &other) *this = Shape(other);
    return *this;
  }
  Shape& operator=(Shape&& other) noexcept {
    Shape taken(static_cast<Shape&&>(other));
    const Extents extents = extents_;
    extents_ = taken.extents_;
    taken.extents_ = extents;
    std::swap(rank_, taken.rank_);
    return *this;
  }
  ~Shape() {
    if (rank_ > max_few) delete[] extents_.many;
  }

  // rank() and size() are the number of axes. Pointers and spans are valid until the shape changes or ends.
  [[nodiscard]] std::size_t rank() const noexcept { return rank_; }
  [[nodiscard]] std::size_t size() const noexcept { return rank_; }
  [[nodiscard]] bool empty() const noexcept { return rank_ == 0; }
  [[nodiscard]] std::int64_t operator[](std::size_t axis) const { return data()[axis]; }
  [[nodiscard]] const std::int64_t* begin() const noexcept { return data(); }
  [[nodiscard]] const std::int64_t* end() const noexcept { return data() + rank_; }
  [[nodiscard]] std::span<const std::int64_t> extents() const noexcept { return {data(), rank_}; }
  void push_back(std::int64_t extent) {
    std::int64_t* const extents = reserve(rank_ + 1);
    extents[rank_++] = extent;
  }

  // The product of the extents; 1 for a scalar. nullopt when an extent is negative, or when the product of the extents
  // that are not zero is above 2^63 - 1, as in TensorFlow's overflow check. The call is safe for any extents.
  [[nodiscard]] std::optional<std::int64_t> checked_num_elements() const noexcept {
    std::int64_t product = 1;
    bool zero = false;
    for (const std::int64_t extent : *this) {
      if (extent < 0) return std::nullopt;
      if (extent == 0) {
        zero = true;
      } else {
#if defined(__GNUC__)
        if (__builtin_mul_overflow(product, extent, &product)) return std::nullopt;
#else
        if (extent > std::numeric_limits<std::int64_t>::max() / product) return std::nullopt;
        product *= extent;
#endif
      }
    }
    return zero ? 0 : product;
  }

  // The product of the extents; 1 for a scalar. Throws Error with ErrorCode::invalid_argument where
  // checked_num_elements() is nullopt.
  [[nodiscard]] std::int64_t num_elements() const {
    if (const auto count = checked_num_elements()) return *count;
    throw Error(ErrorCode::invalid_argument,
                "the shape " + to_string() +
                    " has no legal number of elements: an extent is negative, or the product "
                    "is above 2^63 - 1");
  }

  // The extents as text: "[784, 10]", and "[]" for a scalar.
  [[nodiscard]] std::string to_string() const {
    std::string text = "[";
    for (std::size_t i = 0; i < rank_; ++i) text += (i == 0 ? "" : ", ") + std::to_string((*this)[i]);
    return text + "]";
  }

  friend bool operator==(const Shape& a, const Shape& b) noexcept {
    if (a.rank_ != b.rank_) return false;
    for (std::size_t i = 0; i < a.rank_; ++i)
      if (a[i] != b[i]) return false;
    return true;
  }

 private:
  static constexpr std::size_t max_few = 4;
  union Extents {
    std::int64_t few[max_few];
    std::int64_t* many;  // all of them, where they are more than `few` holds
  };

  [[nodiscard]] const std::int64_t* data() const noexcept { return rank_ > max_few ? extents_.many : extents_.few; }
  // Returns the place for `rank` extents, which is not below the rank; those that are there are in it. `many` has room
  // for the next power of two above its rank, so that a shape that grows is moved a few times only.
  [[nodiscard]] std::int64_t* reserve(std::size_t rank) {
    if (rank <= max_few) return extents_.few;
    if (rank_ > max_few && rank <= std::bit_ceil(rank_)) return extents_.many;
    std::int64_t* const many = new std::int64_t[std::bit_ceil(rank)];
    for (std::size_t axis = 0; axis < rank_; ++axis) many[axis] = data()[axis];
    if (rank_ > max_few) delete[] extents_.many;
    extents_.many = many;
    return many;
  }
  // Call it for a shape without extents only.
  void assign(std::span<const std::int64_t> extents) {
    std::int64_t* const to = reserve(extents.size());
    for (std::size_t axis = 0; axis < extents.size(); ++axis) to[axis] = extents[axis];
    rank_ = extents.size();
  }

  std::size_t rank_ = 0;
  Extents extents_ = {};
};

// Returns the extents in brackets, such as "[784, 10]"; "[]" for a scalar.
[[nodiscard]] inline std::string to_string(const Shape& shape) { return shape.to_string(); }

// Prints the text of to_string(shape): `std::cout << variable.shape()`. It needs no more than a stream that prints text.
template <class Stream>
  requires requires(Stream& out, const std::string& text) { out << text; }
Stream& operator<<(Stream& out, const Shape& shape) {
  out << shape.to_string();
  return out;
}

}  // namespace CAIRN_NAMESPACE
