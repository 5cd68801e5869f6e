// Box: a block of a tensor's elements.
#pragma once

#include "shape.hpp"

#include <cstdint>
#include <vector>

namespace CAIRN_NAMESPACE {

// Where a block begins in the tensor, and its extents: Box{{0, 50}, {100, 50}} is the right half of 100 rows of 100. A
// box may have no elements.
struct Box {
  // Both have one number for each axis.
  std::vector<std::int64_t> start;
  Shape shape;

  friend bool operator==(const Box&, const Box&) = default;
};

}  // namespace CAIRN_NAMESPACE
