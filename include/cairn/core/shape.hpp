// The extents of a tensor, outermost first. Elements are row-major.
#pragma once

#include "error.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cairn {

// A list of extents, each zero or more. A scalar has none. `Shape{784, 10}` is a matrix.
// Shapes read from files may hold anything: num_elements() is the one place where that is checked.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents) : extents_(extents) {}
  explicit Shape(std::vector<std::int64_t> extents) : extents_(std::move(extents)) {}
  explicit Shape(std::span<const std::int64_t> extents) : extents_(extents.begin(), extents.end()) {}

  [[nodiscard]] std::size_t rank() const noexcept { return extents_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return extents_.size(); }
  [[nodiscard]] bool empty() const noexcept { return extents_.empty(); }
  [[nodiscard]] std::int64_t operator[](std::size_t axis) const { return extents_[axis]; }
  [[nodiscard]] auto begin() const noexcept { return extents_.begin(); }
  [[nodiscard]] auto end() const noexcept { return extents_.end(); }
  [[nodiscard]] std::span<const std::int64_t> extents() const noexcept { return extents_; }
  void push_back(std::int64_t extent) { extents_.push_back(extent); }

  // The product of the extents; 1 for a scalar. nullopt when an extent is negative or the product (zeros left out, as
  // TensorFlow's overflow check does) is above 2^63 - 1. Never throws; safe for any numbers.
  [[nodiscard]] std::optional<std::int64_t> checked_num_elements() const noexcept {
    std::int64_t product = 1;
    bool zero = false;
    for (const std::int64_t extent : extents_) {
      if (extent < 0) return std::nullopt;
      if (extent == 0) {
        zero = true;
      } else {
        if (product > std::numeric_limits<std::int64_t>::max() / extent) return std::nullopt;
        product *= extent;
      }
    }
    return zero ? 0 : product;
  }

  // As above, but throws Error (invalid_argument) where there is no such number.
  [[nodiscard]] std::int64_t num_elements() const {
    if (const auto count = checked_num_elements()) return *count;
    throw Error(ErrorCode::invalid_argument,
                "the shape " + to_string() +
                    " has no legal number of elements: an extent is negative, or the product "
                    "is above 2^63 - 1");
  }

  // "[784, 10]"; "[]" for a scalar.
  [[nodiscard]] std::string to_string() const {
    std::string text = "[";
    for (std::size_t i = 0; i < extents_.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(extents_[i]);
    return text + "]";
  }

  friend bool operator==(const Shape&, const Shape&) = default;

 private:
  std::vector<std::int64_t> extents_;
};

[[nodiscard]] inline std::string to_string(const Shape& shape) { return shape.to_string(); }

}  // namespace cairn
