// What is different between a struct and a checkpoint, found by the compiler: a constant, and text for a program.
#pragma once

#include "../core/dtype.hpp"
#include "../graph/path.hpp"
#include "bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace cairn::schema {

// One side of a difference: a tensor, or something without a value of its own. An extent of -1 may be any.
struct Tensor {
  static constexpr std::size_t max_shown = 8;

  DType dtype = DT_INVALID;  // no value
  std::size_t rank = 0;
  std::array<std::int64_t, max_shown> extents{};
};

enum class DifferenceKind { missing, other_dtype_or_shape, no_value };

struct Difference {
  DifferenceKind kind = DifferenceKind::missing;
  detail::PathBuffer path{};     // as get<"..."> takes it
  detail::PathBuffer nearest{};  // of one that is missing: what the checkpoint has there, if anything
  Tensor in_struct{};
  Tensor in_checkpoint{};
};

// "float32 [784, 10]"
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

// All differences are counted, the first ones kept.
struct Report {
  static constexpr std::size_t max_kept = 24;

  Problem problem = Problem::none;  // with the file; nothing was compared then
  std::size_t count = 0;
  std::array<Difference, max_kept> differences{};

  [[nodiscard]] constexpr bool empty() const noexcept { return problem == Problem::none && count == 0; }
  [[nodiscard]] constexpr std::size_t kept() const noexcept { return count < max_kept ? count : max_kept; }
  constexpr void add(const Difference& difference) noexcept {
    if (count < max_kept) differences[count] = difference;
    ++count;
  }

  // A line for each difference, for people.
  [[nodiscard]] std::string to_string() const {
    std::string text = problem == Problem::none ? "" : "the index or object graph cannot be read\n";
    for (std::size_t i = 0; i < kept(); ++i) text += schema::to_string(differences[i]) + '\n';
    return count > max_kept ? text + "and " + std::to_string(count - max_kept) + " more\n" : text;
  }
};

}  // namespace cairn::schema
