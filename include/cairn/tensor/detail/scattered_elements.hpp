// ScatteredElements: the numbers of a tensor that do not lie one behind the other in memory, as those of a column-major
// matrix. They are written and read through a buffer, piece by piece.
#pragma once

#include "../../core/detail/tree.hpp"

#include <cstddef>
#include <span>

namespace cairn::tensor::detail {

// A piece may begin and end anywhere in the tensor's bytes, which are those of its elements in row-major order. Several
// threads may gather at a time, or scatter pieces that do not overlap. No function is pure: g++ -O2 takes the only
// class that has a pure function into every program that calls it.
class ScatteredElements {
 public:
  explicit ScatteredElements(std::size_t size) noexcept : size_(size) {}
  ScatteredElements(const ScatteredElements&) = delete;
  ScatteredElements& operator=(const ScatteredElements&) = delete;
  virtual ~ScatteredElements() = default;

  // All bytes.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // Copies out.size() bytes from `begin` on.
  virtual void gather(std::size_t /*begin*/, std::span<std::byte> /*out*/) const noexcept {}
  // Puts `bytes` in place from `begin` on.
  virtual void scatter(std::size_t /*begin*/, std::span<const std::byte> /*bytes*/) noexcept {}

 private:
  std::size_t size_;
};

}  // namespace cairn::tensor::detail
