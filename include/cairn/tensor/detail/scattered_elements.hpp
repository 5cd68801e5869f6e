// ScatteredElements: the numbers of a tensor that do not lie one behind the other in memory, as those of a column-major
// matrix. They are written and read through a buffer, piece by piece.
#pragma once

#include "../../version.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

namespace CAIRN_NAMESPACE {
class TensorView;
}
namespace CAIRN_NAMESPACE::bundle::detail {
class BundleWriter;
}

namespace CAIRN_NAMESPACE::tensor::detail {

// A piece may begin and end anywhere in the tensor's bytes, which are those of its elements in row-major order. Several
// threads may gather at a time, or scatter pieces that do not overlap. No function is pure: g++ -O2 takes the only
// class that has a pure function into every program that calls it.
class ScatteredElements {
 public:
  // Of tensors with the same `list` the same rows lie together in memory, which are so many bytes of each: they are
  // copied together, row by row, so that memory is read once for all of them.
  explicit ScatteredElements(std::size_t size, const void* list = nullptr, std::size_t row_bytes = 1) noexcept
      : size_(size), list_(list), row_bytes_(row_bytes) {}
  // Of a partitioned tensor, which is saved part by part: how its parts are planned. `tensor` is a view of the elements, or
  // of a copy of them.
  using PlanParts = void (*)(const ScatteredElements& elements, bundle::detail::BundleWriter& writer,
                             std::string_view key, const TensorView& tensor);
  ScatteredElements(std::size_t size, PlanParts how) noexcept
      : plan_parts(how), size_(size), list_(nullptr), row_bytes_(1) {}
  ScatteredElements(const ScatteredElements&) = delete;
  ScatteredElements& operator=(const ScatteredElements&) = delete;
  virtual ~ScatteredElements() = default;

  const PlanParts plan_parts = nullptr;  // of partitioned ones alone

  // All bytes.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t row_bytes() const noexcept { return row_bytes_; }
  [[nodiscard]] bool is_beside(const ScatteredElements* other) const noexcept {
    return other != nullptr && list_ != nullptr && list_ == other->list_ &&
           size_ / row_bytes_ == other->size_ / other->row_bytes_;
  }
  // Copies out.size() bytes from `begin` on.
  virtual void gather(std::size_t /*begin*/, std::span<std::byte> /*out*/) const noexcept {}
  // Puts `bytes` in place from `begin` on.
  virtual void scatter(std::size_t /*begin*/, std::span<const std::byte> /*bytes*/) noexcept {}

 private:
  std::size_t size_;
  const void* list_;
  std::size_t row_bytes_;
};

// How many rows of so many bytes are copied at a time: pages that fit in a cache.
[[nodiscard]] inline std::size_t rows_of_block(std::size_t row_bytes) noexcept {
  constexpr std::size_t block_bytes = std::size_t{256} << 10, unit = 512;
  const std::size_t rows = block_bytes / row_bytes;
  return rows >= unit ? rows / unit * unit : std::max<std::size_t>(rows, 1);
}

}  // namespace CAIRN_NAMESPACE::tensor::detail
