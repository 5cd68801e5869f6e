// Boxes: the boxes of a tensor that somebody holds, or all of the tensor.
#pragma once

#include "../box.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::core::detail {

struct Boxes {
  static constexpr std::size_t all = static_cast<std::size_t>(-1);

  const Box* first = nullptr;
  std::size_t count = all;  // or the number of boxes, of which there may be none

  [[nodiscard]] bool is_all() const noexcept { return count == all; }
};

}  // namespace CAIRN_NAMESPACE::core::detail
