// Report, Difference: the differences between a struct and a checkpoint, as a constant for the compiler and as text for
// people.
#pragma once

#include "../core/dtype.hpp"
#include "../reflect/detail/path.hpp"
#include "detail/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace CAIRN_NAMESPACE::schema {

// A side of a difference: a tensor, or an object without a value of its own. An extent of -1 stands for any extent.
struct Tensor {
  // The number of extents that are kept; `rank` may be larger.
  static constexpr std::size_t max_shown = 8;

  DType dtype = DT_INVALID;  // DT_INVALID where there is no value
  std::size_t rank = 0;
  std::array<std::int64_t, max_shown> extents{};
};

// missing: the checkpoint has no object of that path. no_value: it has the object, but no value of it.
enum class DifferenceKind { missing, other_dtype_or_shape, no_value };

// One member of the struct that differs from the checkpoint.
struct Difference {
  // `nearest` counts for a missing member, in_checkpoint for another dtype or shape.
  DifferenceKind kind = DifferenceKind::missing;
  reflect::detail::PathBuffer path{};  // the member's path, with dots: "model.kernel"
  reflect::detail::PathBuffer
      nearest{};  // for a missing member, the nearest path that the checkpoint has; may be empty
  Tensor in_struct{};
  Tensor in_checkpoint{};
};

// Return the dtype and the shape, such as "float32 [784, 10]", and a difference as a sentence.
[[nodiscard]] inline std::string to_string(const Tensor& tensor) {
  std::string text = cairn::to_string(tensor.dtype) + " [";
  for (std::size_t i = 0; i < std::min(tensor.rank, Tensor::max_shown); ++i)
    text += (i == 0 ? "" : ", ") + (tensor.extents[i] < 0 ? std::string("?") : std::to_string(tensor.extents[i]));
  return text + (tensor.rank > Tensor::max_shown ? ", ...]" : "]");
}
[[nodiscard]] inline std::string to_string(const Difference& difference) {
  const std::string path(difference.path.view());
  switch (difference.kind) {
    case DifferenceKind::missing:
      return path + " is not in the checkpoint" +
             (difference.nearest.size == 0 ? "" : "; did you mean " + std::string(difference.nearest.view()) + "?");
    case DifferenceKind::no_value:
      return path + " is " + to_string(difference.in_struct) + " in the struct, and no value in the checkpoint";
    case DifferenceKind::other_dtype_or_shape:
      break;
  }
  return path + " is " + to_string(difference.in_struct) + " in the struct, " + to_string(difference.in_checkpoint) +
         " in the checkpoint";
}

// All differences between a struct and a checkpoint: their number, and the first ones of them.
struct Report {
  // The number of differences that are kept; `count` may be larger.
  static constexpr std::size_t max_kept = 24;

  detail::Problem problem = detail::Problem::none;  // the reason why the file cannot be read; nothing was compared then
  std::size_t count = 0;
  std::array<Difference, max_kept> differences{};

  // True when the file was read and nothing differs. kept() counts the differences in the array; add() is for
  // matches().
  [[nodiscard]] constexpr bool empty() const noexcept { return problem == detail::Problem::none && count == 0; }
  [[nodiscard]] constexpr std::size_t kept() const noexcept { return count < max_kept ? count : max_kept; }
  constexpr void add(const Difference& difference) noexcept {
    if (count < max_kept) differences[count] = difference;
    ++count;
  }

  // Returns a text with a line for each difference, or with one that tells that the file cannot be read.
  [[nodiscard]] std::string to_string() const {
    std::string text = problem == detail::Problem::none ? "" : "the index or object graph cannot be read\n";
    for (std::size_t i = 0; i < kept(); ++i) text += schema::to_string(differences[i]) + '\n';
    return count > max_kept ? text + "and " + std::to_string(count - max_kept) + " more\n" : text;
  }
};

}  // namespace CAIRN_NAMESPACE::schema
